"""A few numbers with 53 significant bits and a long exponent, as an object array of MPFR's numbers.

Where only some elements leave binary64's range, a call on an `ExtendedRange` array costs more than its arithmetic. MPFR (through
gmpy2, where it is installed) rounds the same operations to the same 53 bits, some eight times sooner; without it the
`ExtendedRange` does the work. The functions of `rounding.extended_range` take these arrays too.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

MpfrArray = NDArray[np.object_]
MOST = 256
"""Above so many elements a wide array is as quick."""


@cache
def is_available() -> bool:
    """True where gmpy2 is installed."""
    return importlib.util.find_spec("gmpy2") is not None


@contextlib.contextmanager
def binary53() -> Iterator[None]:
    """53 bits, to nearest, no trap, whatever the program around has set; nothing to set where gmpy2 is missing."""
    if not is_available():
        yield
        return
    import gmpy2

    with gmpy2.context():
        yield


def is_mpfr(x: Any) -> bool:
    """True where an array is of this sort."""
    return isinstance(x, np.ndarray) and x.dtype == object


def from_parts(mantissa: NDArray[np.float64], exponent: NDArray[np.int64]) -> MpfrArray:
    """The numbers mantissa * 2^exponent."""
    import gmpy2

    result = np.empty(len(mantissa), dtype=object)
    for i, (m, e) in enumerate(zip(mantissa.tolist(), exponent.tolist(), strict=True)):
        x = gmpy2.mpfr(m)
        result[i] = x if not x or e == 0 else gmpy2.mul_2exp(x, e) if e > 0 else gmpy2.div_2exp(x, -e)
    return result


def parts(x: MpfrArray) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(mantissa, exponent) of every number."""
    import gmpy2

    split = [(0, v) if not v or not gmpy2.is_finite(v) else gmpy2.frexp(v) for v in x]
    return np.array([float(m) for _, m in split]), np.array([int(e) for e, _ in split], dtype=np.int64)


def from_plain(x: Any) -> MpfrArray:
    """Binary64 numbers, or one for all elements, as numbers of this sort."""
    import gmpy2

    values = np.asarray(x)
    return values if values.dtype == object else np.frompyfunc(gmpy2.mpfr, 1, 1)(values.astype(object))


def sqrt(x: MpfrArray) -> MpfrArray:
    """The square root of each number."""
    import gmpy2

    return np.frompyfunc(gmpy2.sqrt, 1, 1)(x)  # type: ignore[no-any-return]


def isnan(x: MpfrArray) -> NDArray[np.bool_]:
    """Mask of the numbers that are NaN."""
    return x != x  # type: ignore[no-any-return]


def isinf(x: MpfrArray) -> NDArray[np.bool_]:
    """Mask of the numbers that are infinite."""
    return np.abs(x) == np.inf  # type: ignore[no-any-return]
