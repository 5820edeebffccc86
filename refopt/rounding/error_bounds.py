"""The derived bounds of a variable's elements, how they are printed, and errors measured in units of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from refopt.errors import RefoptError
from refopt.language.decimal_text import decimal_exponent, decimal_text
from refopt.rounding.extended_range import ExtendedRange, as_extended, from_exact, isinf, isnan


class ErrorBounds:
    """One bound an element, at least zero; infinity means that no claim is made about the element."""

    def __init__(self, values: ExtendedRange) -> None:
        values = as_extended(values)
        broken = isnan(values)
        if broken.any():
            values = ExtendedRange.of_parts(np.where(broken, np.inf, values.mantissa), np.where(broken, 0, values.exponent))
        self.values = values

    @classmethod
    def of_some(cls, values: ExtendedRange) -> ErrorBounds:
        """From numbers that have been radii before."""
        made = object.__new__(cls)
        made.values = values
        return made

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: Any) -> ErrorBounds:
        """The radii of the elements that an array of positions (or a mask) names."""
        return ErrorBounds.of_some(self.values[np.atleast_1d(np.asarray(index))])

    def __repr__(self) -> str:
        return f"ErrorBounds({', '.join(self.texts())})"

    @classmethod
    def zero(cls, n: int) -> ErrorBounds:
        """n radii of zero: values that are known exactly."""
        return cls.of_some(as_extended(np.zeros(n)))

    @classmethod
    def unknown(cls, n: int) -> ErrorBounds:
        """n infinite radii: values about which no claim is made."""
        return cls.of_some(as_extended(np.full(n, np.inf)))

    @classmethod
    def join(cls, parts: Sequence[ErrorBounds]) -> ErrorBounds:
        """All radii of `parts` in one array, in order."""
        if not parts:
            return cls.zero(0)
        return cls.of_some(ExtendedRange.of_parts(np.concatenate([p.values.mantissa for p in parts]), np.concatenate([p.values.exponent for p in parts])))

    @classmethod
    def parse(cls, texts: Sequence[str]) -> ErrorBounds:
        """The bounds from their printed form. Raises RefoptError for what is not a nonnegative number or `inf`."""
        values: list[Any] = []
        for text in texts:
            try:
                value: Any = math.inf if text == "inf" else Fraction(text)
            except ValueError:
                raise RefoptError(f"{text!r} is not a bound", help="a bound is a decimal number or inf") from None
            if value < 0:
                raise RefoptError(f"the bound {text} is negative")
            values.append(value)
        return cls(from_exact(values))

    def claims(self) -> NDArray[np.bool_]:
        """Mask of the elements with a finite bound: about them a claim is made."""
        mask: NDArray[np.bool_] = ~isinf(self.values)
        return mask

    def exact(self) -> list[Fraction | None]:
        """Each radius as a fraction; None where no claim is made."""
        return [_fraction(m, e) for m, e in zip(self.values.mantissa.tolist(), self.values.exponent.tolist(), strict=True)]

    def texts(self) -> list[str]:
        """Each radius in decimal, three digits, rounded up (so that the same text comes out on every machine)."""
        return ["inf" if r is None else rounded_up(r) for r in self.exact()]


def _fraction(mantissa: float, exponent: int) -> Fraction | None:
    if math.isinf(mantissa):
        return None
    if mantissa == 0:
        return Fraction(0)
    whole = Fraction(mantissa)
    return whole * Fraction(2) ** exponent


def rounded_up(x: Fraction, digits: int = 3) -> str:
    """A nonnegative number in decimal with that many significant digits, rounded up; the grammar of the golden files."""
    if x == 0:
        return "0"
    exponent = decimal_exponent(x)
    shift = digits - 1 - exponent
    scaled = x * 10**shift if shift >= 0 else x / 10**-shift
    n = math.ceil(scaled)
    if n == 10**digits:
        n, exponent = n // 10, exponent + 1
    return decimal_text(n, exponent - digits + 1)


def ratios(theirs: Sequence[float | Fraction], exact: Sequence[Any], radii: ErrorBounds) -> NDArray[np.float64]:
    """error/bound of each element: |theirs - exact| / radius.

    0 where they are equal, whatever the radius; infinity where they differ although the radius is zero, or where
    theirs is not finite; NaN where no claim is made.
    """
    result = np.empty(len(radii))
    mantissas, exponents = radii.values.mantissa.tolist(), radii.values.exponent.tolist()
    for i, (x, y, mantissa, exponent) in enumerate(zip(theirs, exact, mantissas, exponents, strict=True)):
        if math.isinf(mantissa):
            result[i] = math.nan
        elif not math.isfinite(x):
            result[i] = math.inf
        else:
            result[i] = _quotient(*_distance(x, y), *_dyadic(mantissa, exponent))
    return result


def _distance(x: float | Fraction, y: Any) -> tuple[int | Fraction, int]:
    """|x - y| as n * 2^e. Integers carry it where both are sums of powers of two, as all numbers of a computer are."""
    raw = getattr(y, "_mpf_", None)
    if raw is None or not isinstance(x, float):
        return abs(Fraction(x) - as_fraction(y)), 0
    n, e = _dyadic(x, 0)
    m, f = -int(raw[1]) if raw[0] else int(raw[1]), int(raw[2])
    if not m:
        return abs(n), e
    least = min(e, f)
    return abs((n << e - least) - (m << f - least)), least


def _dyadic(x: float, exponent: int) -> tuple[int, int]:
    """x * 2^exponent as n * 2^e."""
    n, d = x.as_integer_ratio()
    return n, exponent + 1 - d.bit_length()


def _quotient(distance: int | Fraction, e: int, radius: int, f: int) -> float:
    """(distance * 2^e)/(radius * 2^f), rounded once."""
    if distance == 0:
        return 0.0
    if radius == 0:
        return math.inf
    try:
        if isinstance(distance, Fraction):
            return float(distance / radius * Fraction(2) ** (e - f))
        return (distance << max(e - f, 0)) / (radius << max(f - e, 0))
    except OverflowError:
        return math.inf


def as_fraction(y: Any) -> Fraction:
    """A finite number (float, int, Fraction, mpmath's) as a fraction, exactly."""
    if isinstance(y, Fraction):
        return y
    raw = getattr(y, "_mpf_", None)
    if raw is not None:
        sign, mantissa, exponent, _ = raw
        size = Fraction(int(mantissa)) * (2 ** int(exponent) if exponent >= 0 else Fraction(1, 2 ** -int(exponent)))
        return -size if sign else size
    return Fraction(y)
