"""Arithmetic that the programs share: correctly rounded scalars, fused multiply-add, powers, weighted means, loops."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from .program import Array, State

FORMATS = {"float64": (53, -1074), "float32": (24, -149), "bfloat16": (8, -133), "float16": (11, -24)}
"""Significant bits, and the exponent of the smallest subnormal."""
LARGEST = {"float64": (2 - 2.0**-52) * 2.0**1023, "float32": (2 - 2.0**-23) * 2.0**127,
           "bfloat16": (2 - 2.0**-7) * 2.0**127, "float16": 65504.0}  # fmt: skip


# Rounding


def round_float(value: float, name: str) -> float:
    """The number of format `name` nearest to `value`, ties to even.

    ml_dtypes rounds a double to bfloat16 by way of float32, twice: 1 + 2^-8 + 2^-40 becomes 1.
    """
    if name == "float64" or value == 0 or not math.isfinite(value):
        return value
    bits, lowest = FORMATS[name]
    unit = max(math.frexp(value)[1] - bits, lowest)
    result = math.ldexp(round(math.ldexp(value, -unit)), unit)
    return result if abs(result) <= LARGEST[name] else math.copysign(math.inf, value)


def round_fraction(value: Fraction, name: str) -> float:
    """The number of format `name` nearest to a rational, ties to even."""
    if value == 0:
        return 0.0
    bits, lowest = FORMATS[name]
    exponent = abs(value.numerator).bit_length() - value.denominator.bit_length()
    if abs(value) >= Fraction(2) ** exponent:
        exponent += 1
    unit = max(exponent - bits, lowest)
    nearest = round(value / Fraction(2) ** unit) * Fraction(2) ** unit
    if abs(nearest) > Fraction(LARGEST[name]):
        return math.inf if nearest > 0 else -math.inf
    return float(nearest)


def rounded(like: Array, *values: float) -> tuple[Any, ...]:
    """Scalars formed in binary64, each rounded once to the format of `like`."""
    return tuple(like.dtype.type(round_float(float(value), like.dtype.name)) for value in values)


def wide(*arrays: Array) -> tuple[Array, ...]:
    """The same numbers in the widest hardware format."""
    return tuple(array.astype(np.longdouble) for array in arrays)


def single(*arrays: Array) -> tuple[Array, ...]:
    """The same numbers in float32."""
    return tuple(array.astype(np.float32) for array in arrays)


def store(array: Array, like: Array) -> Array:
    """Round to the format of `like`."""
    return np.asarray(array).astype(like.dtype)


# Powers of the decay rates, in binary64


def power_by_squaring(base: float, exponent: int) -> float:
    """`base**exponent` by repeated squaring."""
    result = 1.0
    while exponent:
        if exponent & 1:
            result *= base
        base *= base
        exponent >>= 1
    return result


def running_powers(state: State, t: int, *bases: float) -> tuple[list[float], Array]:
    """Each `base**t` as last step's power times the base, and the record to keep under the private key `powers`.

    Made anew with `**` where there is no record or where it belongs to another step or another base.
    """
    count = len(bases)
    record = state.get("powers")
    if record is not None and record[: count + 1].tolist() == [t - 1, *bases]:
        powers = [float(old) * base for old, base in zip(record[count + 1 :], bases, strict=True)]
    else:
        powers = [base**t for base in bases]
    return powers, np.array([t, *bases, *powers], dtype=np.float64)


# Weighted means


def mean(old: Array, new: Array, decay: float) -> Array:
    """`decay*old + (1 - decay)*new`, as in the books."""
    keep, take = rounded(old, decay, 1 - decay)
    return np.asarray(keep * old + take * new)


def lerp(old: Array, new: Array, decay: float) -> Array:
    """The same mean as a step from the end that weighs more."""
    keep, take = rounded(old, decay, 1 - decay)
    return np.asarray(old + take * (new - old) if decay >= 0.5 else new + keep * (old - new))


# Fused multiply-add


def _two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """Rounded product and its error (Dekker, Veltkamp); error 0 where the splitting would leave the range."""
    product = a * b
    big_a, big_b = (134217729.0 * a, 134217729.0 * b)
    high_a, high_b = big_a - (big_a - a), big_b - (big_b - b)
    low_a, low_b = a - high_a, b - high_b
    error = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b
    size = np.abs(product)
    safe = (size > 2.0**-900) & (size < 2.0**1000) & (np.abs(a) < 2.0**900) & (np.abs(b) < 2.0**900)
    return product, np.where(safe, error, 0.0)


def fma(a: Any, b: Any, c: Any) -> Array:
    """`a*b + c` with one rounding, in the format of the operands.

    Formats below binary64: there the product is exact. binary64: product and sum with their errors.
    """
    dtype = np.asarray(a).dtype
    x, y, z = (np.asarray(value).astype(np.float64) for value in (a, b, c))
    if dtype != np.float64:
        return np.asarray(x * y + z).astype(dtype)
    product, product_error = _two_product(x, y)
    total = product + z
    shadow = total - product
    total_error = (product - (total - shadow)) + (z - shadow)
    correction = total_error + product_error
    return np.asarray(np.where(np.isfinite(correction), total + correction, total))


# Loops


def each(function: Callable[..., tuple[float, ...]], *arrays: Array) -> tuple[Array, ...]:
    """Apply a function of Python floats element by element, once for equal elements."""
    like = arrays[0]
    known: dict[bytes, tuple[float, ...]] = {}
    rows: list[tuple[float, ...]] = []
    for row in zip(*(array.astype(np.float64).ravel().tolist() for array in arrays), strict=True):
        key = struct.pack(f"{len(row)}d", *row)
        if key not in known:
            known[key] = function(*row)
        rows.append(known[key])
    if not rows:
        return tuple(np.zeros_like(like) for _ in function(*(1.0 for _ in arrays)))
    return tuple(np.array(column).reshape(like.shape).astype(like.dtype) for column in zip(*rows, strict=True))


def divide(a: float, b: float) -> float:
    """`a/b` as IEEE has it: no exception at zero."""
    if b != 0:
        return a / b
    if a == 0 or math.isnan(a):
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def root(a: float) -> float:
    """The square root as IEEE has it: NaN below zero."""
    return math.sqrt(a) if a >= 0 else math.nan


def exact_root(a: Fraction) -> Fraction:
    """The square root of a rational to more than 120 bits."""
    shift = max(0, 130 - (a.numerator.bit_length() - a.denominator.bit_length()) // 2)
    return Fraction(math.isqrt((a.numerator << 2 * shift) // a.denominator), 1 << shift)


def chunks(length: int, size: int) -> Iterator[slice]:
    """Slices of `size` elements, the last one shorter."""
    return (slice(start, start + size) for start in range(0, length, size))
