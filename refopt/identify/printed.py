"""Interval of a printed number: the number that was printed lies within half a unit of the last digit.

How many digits were printed shows only in a whole column, since many styles drop zeros at the end:

* a fixed number of decimals (`%.7f`): every text has as many decimals and no exponent. Half a unit of the last decimal.
* a number of significant digits (`%.7g`, `%.6e`, a shortest text): the longest text tells how many, N. Half a unit of the
  N-th digit; texts that are shorter had zeros there.

A text that is the shortest one for its binary number can be off by half the distance to that number's neighbour, which
is more than half a unit of the longest text's last digit. So nothing is taken to be known better than half the spacing of
the program's number format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from refopt.rounding.formats import FORMATS, Format

Floats = NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?(\d*)(?:\.(\d*))?(?:[eEdD]([+-]?\d+))?", re.ASCII)


@dataclass(frozen=True)
class Style:
    """Style of a printed column: a fixed number of decimals, or a number of significant digits."""

    digits: int
    decimals: int | None = None

    def half_unit(self, x: Floats) -> Floats:
        """Half a unit of the last digit of each number, 0 for a zero in a style of significant digits; and the rounding to binary64."""
        size = np.abs(x)
        if self.decimals is not None:
            return np.asarray(0.5 * 10.0**-self.decimals + 2.0**-52 * size)
        first = np.floor(np.log10(np.where(size > 0, size, 1.0)))
        return np.where(size > 0, 0.5 * 10.0 ** (first - self.digits + 1) + 2.0**-52 * size, 0.0)

    def __str__(self) -> str:
        return f"{self.decimals} decimals" if self.decimals is not None else f"{self.digits} digits"


def style(texts: Sequence[str], *, proof: bool = False) -> Style:
    """The style of a column.

    proof  a fixed number of decimals is believed only where a text ends in a zero, which the other styles never print;
           for a column of a few round numbers, such as a rate that stays the same
    """
    parts = [_parts(x) for x in texts]
    digits = max((len(figures.lstrip("0")) for figures, _, _ in parts), default=0)
    decimals = {d for _, d, _ in parts}
    ends_in_zero = any(d and figures.endswith("0") for figures, d, _ in parts)
    if len(decimals) == 1 and not any(e for _, _, e in parts) and (ends_in_zero or not proof) and decimals != {0}:
        return Style(digits, decimals.pop())
    return Style(max(digits, 1))


def _parts(text: str) -> tuple[str, int, bool]:
    """All digits in a row, how many of them are decimals, and whether there is an exponent."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return "", 0, True
    whole, decimals, exponent = match.group(1), match.group(2) or "", match.group(3)
    return whole + decimals, len(decimals), exponent is not None


def number_format(values: Floats, half_unit: Floats) -> Format:
    """The narrowest format that the program can have kept its numbers in.

    A 16-bit format only where every text is one of its numbers exactly; float32 where each text could be a float32
    number's; else float64. Too narrow a guess can only allow more.
    """
    x = values.ravel()
    for name in ("bfloat16", "float16"):
        if np.array_equal(_rounded(x, FORMATS[name]), x):
            return FORMATS[name]
    near = np.abs(_rounded(x, FORMATS["float32"]) - x)
    return FORMATS["float32"] if np.all(near <= half_unit.ravel() * (1 + 2.0**-20)) else FORMATS["float64"]


def _rounded(x: Floats, f: Format) -> Floats:
    with np.errstate(all="ignore"):
        return np.asarray(x.astype(f.dtype).astype(np.float64))


def half_spacing(x: Floats, f: Format) -> Floats:
    """Half the distance from each number to its neighbour in a format."""
    _, exponent = np.frexp(np.abs(x))
    lowest = float(f.smallest_subnormal) / 2
    return np.where(x == 0, lowest, np.maximum(np.ldexp(float(f.u), exponent - 1), lowest))
