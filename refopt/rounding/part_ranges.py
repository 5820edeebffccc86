"""Ranges of the parts of one form over its box, so that it is known which argument a maximum is.

They are a guess, no rounding of their own arithmetic is kept in mind: whoever builds on them has the order proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath

from refopt.rounding.formats import Format
from refopt.rounding.worst_form import Coefficient, Input, Operation, Part

CHOOSING = ("max", "min")
"""Operations that round nothing and give one of their arguments."""
Range = tuple[Any, Any]


class Ranges:
    """The range of each part, rounded or not, in one format."""

    def __init__(self, f: Format) -> None:
        self.numbers = mpmath.MPContext()
        self.numbers.prec = 4 * f.precision
        self.u, self.tiny = (self.number(x) for x in (f.u, f.smallest_subnormal))
        self.known: dict[Part, Range] = {}

    def number(self, x: Any) -> Any:
        """A fraction in mpmath."""
        return self.numbers.mpf(x.numerator) / x.denominator

    def chosen(self, part: Operation) -> int | None:
        """The place of the argument that a maximum or minimum is all over the box; None where it changes."""
        (a_low, a_high), (b_low, b_high) = (self.of(a) for a in part.args)
        first = a_low >= b_high if part.op == "max" else a_high <= b_low
        second = b_low >= a_high if part.op == "max" else b_high <= a_low
        return 0 if first else 1 if second else None

    def of(self, part: Part) -> Range:
        """The range of a part."""
        if part not in self.known:
            self.known[part] = self._of(part)
        return self.known[part]

    def _of(self, part: Part) -> Range:
        if isinstance(part, Input):
            return self.number(part.low), self.number(part.high)
        if isinstance(part, Coefficient):
            return self.number(part.x - part.e), self.number(part.x + part.e)
        low, high = self._computed(part, [self.of(a) for a in part.args])
        if part.op in (*CHOOSING, "neg", "abs"):
            return low, high
        return low - abs(low) * self.u - self.tiny, high + abs(high) * self.u + self.tiny

    def _computed(self, part: Operation, args: Sequence[Range]) -> Range:
        """The range of an operation without its rounding; everything where it divides by a range that has a zero in it."""
        everything = (-self.numbers.inf, self.numbers.inf)
        low, high = args[0]
        if part.op == "neg":
            return -high, -low
        if part.op == "abs":
            return (low, high) if low >= 0 else (-high, -low) if high <= 0 else (self.numbers.mpf(0), max(-low, high))
        if part.op == "sqrt":
            return tuple(self.numbers.sqrt(max(x, 0)) for x in (low, high))
        other_low, other_high = args[1]
        if part.op in CHOOSING:
            choose = max if part.op == "max" else min
            return choose(low, other_low), choose(high, other_high)
        if part.op == "add":
            (a, b), (c, d) = ((x, y) if s > 0 else (-y, -x) for s, (x, y) in zip(part.signs, args, strict=True))
            return a + c, b + d
        if part.op == "div" and other_low <= 0 <= other_high:
            return everything
        ends = [x * y if part.op == "mul" else x / y for x in (low, high) for y in (other_low, other_high)]
        return everything if any(map(self.numbers.isnan, ends)) else (min(ends), max(ends))
