"""Gaps: how far exact values are from those of a golden case, in units of the bounds that stand there."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from refopt.golden.edited_run import in_file

MARGIN = 4
"""Bounds beyond which a difference kills."""
NOTHING = in_file("1e-38")
"""Share of a value up to which a difference is none: the values are printed with 40 digits."""
Gaps = dict[str, Fraction | None]
"""By format: the largest difference in bounds; None where it is beyond all bounds."""


def gap_in_bounds(x: Fraction, right: Fraction, bound: str) -> Fraction | None:
    """The difference of a value from that of a file, in bounds; None where there is one although the bound is zero."""
    distance = abs(x - right)
    if distance <= NOTHING * abs(right) or bound == "inf":
        return Fraction(0)
    return None if in_file(bound) == 0 else distance / in_file(bound)


def largest_gap(theirs: Sequence[Fraction], printed: Sequence[str], bounds: Sequence[str]) -> Fraction | None:
    """The largest difference in bounds, or one that kills; None where there is one although the bound is zero."""
    largest = Fraction(0)
    for x, text, bound in zip(theirs, printed, bounds, strict=True):
        found = gap_in_bounds(x, in_file(text), bound)
        if found is None or found > MARGIN:
            return found
        largest = max(largest, found)
    return largest
