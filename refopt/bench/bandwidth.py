"""How fast memory is here, for what an update does: read and write some arrays, read another. With as many threads as the engines use."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from refopt.optim.compiler import NotCompiled, library
from refopt.optim.threads import share, together

SOURCE = """\
#include <stddef.h>
void update1(size_t begin, size_t end, float *restrict x, float *restrict y, float *restrict z, const float *restrict g)
{
    (void)y;
    (void)z;
    for (size_t i = begin; i < end; i++) x[i] += g[i];
}
void update3(size_t begin, size_t end, float *restrict x, float *restrict y, float *restrict z, const float *restrict g)
{
    for (size_t i = begin; i < end; i++) {
        x[i] += g[i];
        y[i] += g[i];
        z[i] += g[i];
    }
}
"""
"""One addition for each number written: nothing but the memory can be the limit."""


def probes(elements: int, threads: int) -> list[tuple[int, Callable[[], None]]]:
    """Bytes moved, and a function that moves them: with one array written beside the one read, and with three."""
    x, y, z, g = (np.ones(elements, np.float32) for _ in range(4))
    try:
        import cffi

        ffi = cffi.FFI()
        head = "(size_t begin, size_t end, float *x, float *y, float *z, const float *g);"
        ffi.cdef(f"void update1{head} void update3{head}")
        opened = ffi.dlopen(str(library(SOURCE)))
    except (ImportError, NotCompiled):
        return [(12 * elements, lambda: _threaded(elements, threads, lambda a, b: np.add(x[a:b], g[a:b], out=x[a:b])))]
    held = [ffi.from_buffer("float[]", a) for a in (x, y, z, g)]

    def run(name: str) -> None:
        function = getattr(opened, name)  # which holds the library open
        _threaded(elements, threads, lambda a, b: function(a, b, *held))

    return [(12 * elements, partial(run, "update1")), (28 * elements, partial(run, "update3"))]


def _threaded(elements: int, threads: int, work: Callable[[int, int], Any]) -> None:
    workers = share(elements, threads)
    cuts = [elements * i // workers for i in range(workers + 1)]
    together([partial(work, a, b) for a, b in itertools.pairwise(cuts)])


def bytes_a_second(found: list[tuple[int, Callable[[], None]]], clock: Callable[[], float]) -> float:
    """The best of the probes, once."""
    best = 0.0
    for moved, run in found:
        began = clock()
        run()
        best = max(best, moved / (clock() - began))
    return best
