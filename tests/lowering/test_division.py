"""Quotients from a shared reciprocal are the quotients, to the last bit, wherever the generated C takes them so.

The proof stands in refopt/lowering/division.py. Here the same steps run in every small precision over all operands, the compiled
helpers over all significands of float for many divisors, and over the doubles whose quotients lie closest to midpoints.
"""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rules
from refopt.lowering import division
from refopt.lowering.c import HELPERS, module
from refopt.lowering.helper_files import parts
from refopt.lowering.plan import arrays, plan
from tests.generated.programs import tool

BITS = {"float": 24, "double": 53}
SUFFIX = {"float": "f", "double": ""}
TYPES: dict[str, Any] = {"float": np.float32, "double": np.float64}
LOW, HIGH = {"float": -76, "double": -900}, {"float": 90, "double": 900}
SOURCE = """\
#include <math.h>
#include <stddef.h>
{helpers}
{T} reciprocal_of({T} b) {{ return reciprocal{f}(b); }}
void easy(size_t n, const {T} *x, int *found) {{ for (size_t i = 0; i < n; i++) found[i] = is_easy{f}(x[i]); }}
void divide(size_t n, const {T} *x, {T} b, {T} *q) {{ for (size_t i = 0; i < n; i++) q[i] = divided{f}(x[i], b, 1 / b); }}
"""


def _rounded(z: Any, p: int) -> Any:
    """To p bits, ties to even; z is exact in binary64."""
    significand, exponent = np.frexp(z)
    return np.ldexp(np.rint(np.ldexp(significand, p)), exponent - p)


@pytest.mark.parametrize("p", range(3, 10))
def test_in_a_small_precision_all_quotients_are_right(p: int) -> None:
    x = np.arange(2.0 ** (p - 1), 2.0**p)
    for b in x:
        r = _rounded(1 / b, p)
        q = _rounded(x * r, p)
        for _ in range(2):
            q = _rounded(q + r * _rounded(x - b * q, p), p)  # exact in binary64: 4 p bits at most
        assert (q == _rounded(x / b, p)).all(), b


@pytest.fixture(scope="module", params=["float", "double"])
def helper(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Any]:
    """The type, and the compiled helpers."""
    return str(request.param), compiled(str(request.param), tmp_path_factory.mktemp(str(request.param)))


def compiled(number: str, folder: Path) -> Any:
    """The helpers for one type."""
    text = SOURCE.format(helpers=parts(HELPERS)[f"division of {number}"], T=number, f=SUFFIX[number])
    (folder / "division.c").write_text(text, encoding="utf-8")
    words = [tool("gcc", "cc", "clang"), "-std=c99", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-o", "division.so", "division.c", "-lm"]
    native = subprocess.run([*words[:2], "-march=native", *words[2:]], cwd=folder, check=False, capture_output=True).returncode == 0
    if not native:
        subprocess.run(words, cwd=folder, check=True)
    library = ctypes.CDLL(str(folder / "division.so"))
    c_type = ctypes.c_float if number == "float" else ctypes.c_double
    library.reciprocal_of.restype, library.reciprocal_of.argtypes = c_type, [c_type]
    return library


def _divided(library: Any, x: Any, b: Any) -> Any:
    q = np.empty_like(x)
    c_type = ctypes.c_float if x.dtype == np.float32 else ctypes.c_double
    library.divide(ctypes.c_size_t(len(x)), x.ctypes.data_as(ctypes.c_void_p), c_type(b), q.ctypes.data_as(ctypes.c_void_p))
    return q


def _easy(library: Any, x: Any) -> Any:
    found = np.empty(len(x), np.intc)
    library.easy(ctypes.c_size_t(len(x)), x.ctypes.data_as(ctypes.c_void_p), found.ctypes.data_as(ctypes.c_void_p))
    return found.astype(bool)


def _same_bits(a: Any, b: Any) -> bool:
    return a.tobytes() == b.tobytes()


def test_every_significand_of_float_is_divided_rightly(tmp_path: Path) -> None:
    library = compiled("float", tmp_path)
    quick = library.reciprocal_of(ctypes.c_float(0.75)) != 0  # else there is no fma in this processor
    x = (np.arange(2**23, 2**24, dtype=np.int64) * 2.0**-23).astype(np.float32)
    random = np.random.default_rng(5)
    last = 2**24 - 8
    for significand in (2**23, 2**23 + 1, 2**23 + 3, last, last - 1, last - 5, *random.integers(2**23, last, 16).tolist()):
        b = np.float32(significand * 2.0 ** int(random.integers(-30, 8) - 24))
        assert (library.reciprocal_of(ctypes.c_float(b)) == np.float32(1) / b) == quick
        assert _same_bits(_divided(library, x, b), x / b), b


def test_the_quotients_closest_to_midpoints_are_divided_rightly(helper: tuple[str, Any]) -> None:
    """x 2^(p + s) = N B +- d with an odd N of p + 1 bits and d = 1, 3, 5: x / B is d / (B 2^p) from a midpoint."""
    number, library = helper
    p, dtype = BITS[number], TYPES[number]
    random = np.random.default_rng(7)
    tried = 0
    for _ in range(4000):
        significand = int(random.integers(2 ** (p - 1), 2**p - 8)) | 1
        found = []
        for d in (1, -1, 3, -3, 5, -5):
            for s in (0, 1):
                modulus = 2 ** (p + s)
                for n in range(pow(significand, -1, modulus) * d % modulus, 2 ** (p + 1), modulus):
                    x, rest = divmod(n * significand - d, modulus)
                    if n >= 2**p and 2 ** (p - 1) <= x < 2**p:
                        assert rest == 0 and n % 2 == 1
                        found.append(x)
        x = np.array([float(v) for v in found], dtype)
        b = dtype(significand) * dtype(2.0**-p)
        tried += len(x)
        assert _same_bits(_divided(library, x, b), x / b), (number, significand)
    assert tried > 4000


def test_what_is_called_easy_is_divided_rightly_at_both_ends_and_at_zero(helper: tuple[str, Any]) -> None:
    number, library = helper
    dtype, p = TYPES[number], BITS[number]
    random = np.random.default_rng(11)
    significands = np.concatenate([[1.0, 2 - 2.0 ** (1 - p)], 1 + random.random(200)])
    x = np.concatenate([significands * 2.0**e for e in (LOW[number], LOW[number] + 1, -1, 0, HIGH[number] - 1)]).astype(dtype)
    x = np.concatenate([x, -x, np.array([0.0, -0.0, 2.0 ** HIGH[number]], dtype)])
    assert _easy(library, x).all()
    for fraction in (0.5, 0.5 + 2.0**-p, 1 - 8 * 2.0**-p, *random.uniform(0.5, 0.999, 20)):
        for exponent in (-31, 0, 32):
            b = dtype(np.ldexp(fraction, exponent))
            assert _same_bits(_divided(library, x, b), x / b), (number, b)


def test_what_is_not_easy_is_told_apart(helper: tuple[str, Any]) -> None:
    number, library = helper
    info = np.finfo(TYPES[number])
    below, above = np.nextafter(info.dtype.type(2.0 ** LOW[number]), 0), np.nextafter(info.dtype.type(2.0 ** HIGH[number]), np.inf)
    odd = np.array([below, above, info.tiny, info.smallest_subnormal, info.max, np.inf, np.nan], info.dtype)
    assert not _easy(library, np.concatenate([odd, -odd])).any()
    c_type = ctypes.c_float if number == "float" else ctypes.c_double
    ulp = 2.0 ** -BITS[number]
    for b in (0.0, -0.75, 1 - ulp, 1 - 7 * ulp, 2.0**-33, 2.0**32 * 1.25, np.inf, -np.inf, np.nan):
        assert library.reciprocal_of(c_type(b)) == 0, b


def test_quotients_of_arrays_by_scalars_are_found() -> None:
    found = {r.name: division.shared(plan(r, ()), arrays(r)) for r in rules(variants=True)}
    told = {name: ([str(x.name) for x in s.dividends], s.divisors) for name, s in found.items() if s is not None}
    both = ("bias_correction1", "bias_correction2")
    assert told.pop("amsgrad") == (["m", "v_max"], both)
    family = ("adam", "adam/eps_in_sqrt", "adam/l2", "adamw", "amsgrad/max_hat")
    assert {n: x for n, x in told.items() if n in family} == dict.fromkeys(family, (["m", "v"], both))
    assert not told.keys() & {"sgd", "momentum", "rmsprop", "adam/eps_hat", "lion", "adagrad"}


def test_a_rule_without_such_quotients_has_no_helpers() -> None:
    for r in rules(variants=True):
        written = module(r)
        with_them = division.shared(plan(r, ()), arrays(r)) is not None
        assert all((word in written) == with_them for word in ("reciprocal(", "divided(", "is_easyf(", "easy &="))
