"""Kernels in C on whole arrays, called through ctypes and through cffi."""

import ctypes
import subprocess
import tempfile
from pathlib import Path

import cffi
import numpy as np

SOURCE = r"""
#include <math.h>
#include <stddef.h>

void rmsprop_update(float *p, const float *g, float *v, size_t n, float lr, float rho, float eps) {
    for (size_t i = 0; i < n; i++) {
        v[i] = rho * v[i] + (1.0f - rho) * g[i] * g[i];
        p[i] -= lr * g[i] / (sqrtf(v[i]) + eps);
    }
}

void rmsprop_update_wrong(float *p, const float *g, float *v, size_t n, float lr, float rho, float eps) {
    for (size_t i = 0; i < n; i++) {
        v[i] = rho * v[i] + (1.0f - rho) * g[i] * g[i];
        p[i] -= lr * g[i] / sqrtf(v[i] + eps);
    }
}

void momentum_update(double *w, const double *dw, double *v, long n, double lr, double mu) {
    for (long i = 0; i < n; ++i) { v[i] = mu * v[i] + lr * dw[i]; w[i] -= v[i]; }
}

void momentum_update_wrong(double *w, const double *dw, double *v, long n, double lr, double mu) {
    for (long i = 0; i < n; ++i) { v[i] = mu * v[i] - lr * dw[i]; w[i] -= v[i]; }
}
"""


def built():
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "kernels.c"), Path(folder, "libkernels.so")
        source.write_text(SOURCE)
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, source, "-lm"], check=True)
        return ctypes.CDLL(str(library)), ffi.dlopen(str(library))


ffi = cffi.FFI()
ffi.cdef("""
void momentum_update(double *w, const double *dw, double *v, long n, double lr, double mu);
void momentum_update_wrong(double *w, const double *dw, double *v, long n, double lr, double mu);
""")


lib, kernels = built()
floats = ctypes.POINTER(ctypes.c_float)
for f in (lib.rmsprop_update, lib.rmsprop_update_wrong):
    f.argtypes = [floats, floats, floats, ctypes.c_size_t, ctypes.c_float, ctypes.c_float, ctypes.c_float]
    f.restype = None


class CRMSprop:
    """Pointers into NumPy's own memory; what they point to is not asked."""

    kernel = lib.rmsprop_update

    def __init__(self, lr=1e-3, rho=0.9, eps=1e-7):
        self.lr, self.rho, self.eps, self.v = lr, rho, eps, None

    def step(self, params, grads):
        if self.v is None:
            self.v = [np.zeros_like(p) for p in params]
        for p, g, v in zip(params, grads, self.v):
            self.kernel(*(a.ctypes.data_as(floats) for a in (p, g, v)), p.size, self.lr, self.rho, self.eps)


class CRMSpropWrong(CRMSprop):
    kernel = lib.rmsprop_update_wrong


def momentum(w, dw, velocity, lr=0.01, mu=0.9):
    pointers = [ffi.from_buffer("double[]", a) for a in (w, dw, velocity)]
    kernels.momentum_update(*pointers, w.size, lr, mu)


def momentum_wrong(w, dw, velocity, lr=0.01, mu=0.9):
    pointers = [ffi.from_buffer("double[]", a) for a in (w, dw, velocity)]
    kernels.momentum_update_wrong(*pointers, w.size, lr, mu)


def by_address(w, dw, velocity, lr=0.01, mu=0.9):
    """Addresses, of which nothing says what is there."""
    pointers = [a.ctypes.data_as(ctypes.c_void_p) for a in (w, dw, velocity)]
    lib.momentum_update(*pointers, ctypes.c_long(w.size), ctypes.c_double(lr), ctypes.c_double(mu))


def by_address_of_doubles(w, dw, velocity, lr=0.01, mu=0.9):
    by_address(w, dw, velocity, lr, mu)


by_address_of_doubles.formats = "float64"


def by_pointers(w, dw, velocity, lr=0.01, mu=0.9):
    pointers = [a.ctypes.data_as(ctypes.POINTER(ctypes.c_double)) for a in (w, dw, velocity)]
    lib.momentum_update(*pointers, ctypes.c_long(w.size), ctypes.c_double(lr), ctypes.c_double(mu))


class ByAddress:
    def init(self, theta):
        return {"v": np.zeros_like(theta)}

    def step(self, theta, grad, state, t, lr=0.01, momentum=0.9):
        new = theta.copy(), grad.copy(), state["v"].copy()
        by_address(*new, lr, momentum)
        return new[0], {"v": new[2]}


class ByAddressOfDoubles(ByAddress):
    formats = ("float64",)
