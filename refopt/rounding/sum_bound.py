"""The error of a sum in any order: the largest that the roundings of its additions can cause, whatever tree of additions a program makes.

A tree of n - 1 additions rounds at each of its inner nodes, by at most u times the partial sum there. The partial sums together are the
largest in a chain that begins with the largest term. With the sizes a_i = |x_i| + e_i in falling order, and S_k the sum of the first k,

    E <= sum e_i + u * min((S_2 + ... + S_n) (1 + u)^n, (n - 1) S_n)

The second is Jeannerod and Rump's (2013, "Improved error bounds for inner products in floating-point arithmetic"), without terms of second
order. Terms that are zero in every program are none. Sequences, pairs, blocks, lanes, products that are not rounded, zeros put behind: all are
such trees. log2(n) u is a bound for pairs alone: others are correct beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from refopt.rounding.extended_range import ExtendedRange, as_extended, from_exact
from refopt.rounding.formats import FLOAT32, Format
from refopt.rounding.ways import RAISED

FAR_BELOW = 2.0**-900
"""Share of the largest term under which a term is taken as this share of it: its own size is below what binary64 can add."""


def accumulator(f: Format) -> Format:
    """The narrowest format in which a correct program keeps its sums: that of the terms, and float32 for terms of 16 bits."""
    return f if f.precision >= FLOAT32.precision else FLOAT32


def sum_error(sizes: ExtendedRange, errors: ExtendedRange, f: Format, *, kept_in: Format | None = None) -> ExtendedRange:
    """The error of a sum in format `f`: an array of one; infinite where a partial sum may exceed the largest number.

    sizes, errors  of the terms: the exact |x_i|, and what each may be off
    kept_in        the format of partial sums; None: the narrowest that a correct program takes
    """
    within = kept_in or accumulator(f)
    live = (sizes.mantissa != 0) | (errors.mantissa != 0)
    a, e = (sizes + errors)[live], errors[live]
    if not len(a):
        return as_extended(np.zeros(1))
    if not (np.isfinite(a.mantissa).all() and np.isfinite(e.mantissa).all()):
        return as_extended(np.full(1, np.inf))
    top = int(a.exponent.max())
    terms = np.sort(_scaled(a, top))[::-1]
    n, u = len(terms), float(within.u)
    partial = np.cumsum(terms)
    chain = float(partial[1:].sum()) * (1.0 + u) ** n if n * u < 1.0 else np.inf  # beyond that the second is the smaller
    whole = float(partial[-1])
    error = float(_scaled(e, top).sum()) + u * min(chain, (n - 1) * whole)
    found = ExtendedRange(np.array([error * RAISED]), np.array([top]))
    largest = ExtendedRange(np.array([(whole + error) * RAISED]), np.array([top]))
    if bool((largest > from_exact([min(within.largest, f.largest)])).any()):
        return as_extended(np.full(1, np.inf))
    if within is not f:  # the sum is stored in the format of the terms
        found = found + largest * float(f.u) * RAISED + from_exact([f.smallest_subnormal]) * 0.5
    return found


def largest_error(errors: Sequence[ExtendedRange]) -> ExtendedRange:
    """The error of a largest value: that of a term, whichever of them is the largest."""
    every = [e for e in errors if len(e)]
    if not every:
        return as_extended(np.zeros(1))
    joined = ExtendedRange.of_parts(np.concatenate([e.mantissa for e in every]), np.concatenate([e.exponent for e in every]))
    top = int(joined.exponent.max())
    return ExtendedRange(np.array([float(_scaled(joined, top).max())]), np.array([top]))


def _scaled(x: ExtendedRange, top: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Nonnegative numbers in units of 2^top, none of them made smaller."""
    shift = np.maximum(x.exponent - top, -1000)
    size = np.maximum(np.ldexp(x.mantissa, shift.astype(np.int32)), FAR_BELOW)
    return np.where(x.mantissa == 0, 0.0, size)
