"""The certificate: digits that ball arithmetic decides, and the check of printed digits by another evaluator.

A value is certified when both ends of its ball round to the same 40 digits. Precision is doubled until that holds for
every value. "50 digits" is no certificate, and neither is the agreement of two precisions: RMSProp at a fixed rate is
chaotic after it has converged.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from refopt.errors import RefoptError
from refopt.exact.digits import SIGNIFICANT, digits
from refopt.exact.numbers import Numbers, Undecided, arb_numbers, decimal_numbers, has_arb, mpmath_numbers

Run = Callable[[Numbers, int], Sequence[Any]]
"""A computation in given numbers with given decimal digits; returns its values in a fixed order."""

FIRST = 60
"""Digits of the first attempt."""
LIMIT = 8 * 1024
"""Digits after which a value is refused: a trajectory that loses this many is chaos, not data."""
MARGIN = 25
"""Digits that mpmath carries beyond Arb's, so that its own rounding stays inside Arb's balls."""


@dataclass(frozen=True)
class Certified:
    """Printed values, and whether ball arithmetic decided every digit; `precision` in decimal digits."""

    values: tuple[str, ...]
    is_certified: bool
    precision: int


def certified(run: Run, scales: Sequence[Fraction] | None = None, *, limit: int = LIMIT) -> Certified:
    """The values of a run, each correctly rounded to 40 digits.

    `scales` holds, for each value, the size beside which it is zero when it cannot be told from zero: a ball around
    zero with a radius of at most 10^-40 of it is zero. With python-flint the digits are decided by Arb's balls and
    mpmath's values must lie within them; without it they are mpmath's, at a precision doubled until they stay the same.
    Raises RefoptError where the digits cannot be decided.
    """
    if not has_arb():
        return _by_doubling(run, scales, limit)
    precision = FIRST
    while precision <= limit:
        printed = _decided(run, precision, scales)
        if printed is not None and _agrees(run, precision, scales, printed):
            return Certified(tuple(printed), True, precision)
        precision *= 2
    raise RefoptError(
        f"{SIGNIFICANT} digits cannot be certified with {limit} digits of working precision",
        help="shorten the run, or make it contract: a smaller rate, a convex loss",
    )


def _decided(run: Run, precision: int, scales: Sequence[Fraction] | None) -> list[str] | None:
    numbers = arb_numbers()
    balls: list[tuple[Fraction, Fraction]]
    try:
        with numbers.precision(precision):
            balls = [numbers.interval(x) for x in run(numbers, precision)]
    except Undecided:
        return None
    printed = []
    for i, (low, high) in enumerate(balls):
        text = _text(low)
        if low != high and _text(high) != text:
            if not (scales is not None and low <= 0 <= high and max(-low, high) * 10**SIGNIFICANT <= scales[i]):
                return None
            text = "0"
        printed.append(text)
    return printed


def _agrees(run: Run, precision: int, scales: Sequence[Fraction] | None, printed: Sequence[str]) -> bool:
    """True where mpmath, run with a margin of digits, prints the same."""
    return _printed(run, mpmath_numbers(), precision + MARGIN, scales) == list(printed)


def _printed(run: Run, numbers: Numbers, precision: int, scales: Sequence[Fraction] | None) -> list[str]:
    with numbers.precision(precision):
        exact = [numbers.interval(x)[0] for x in run(numbers, precision)]
    return [_rounded(x, None if scales is None else scales[i]) for i, x in enumerate(exact)]


def _rounded(x: Fraction, scale: Fraction | None) -> str:
    """The digits of a floating-point value; zero where its size is rounding noise beside the scale."""
    if scale is not None and x != 0 and abs(x) * 10**SIGNIFICANT <= scale:
        return "0"
    return _text(x)


def _text(x: Fraction) -> str:
    """The digits of a value. One that is a tie as far as three times as many digits tell is the tie, which no ball around it decides: it goes to even."""
    return digits(Fraction(digits(x, 3 * SIGNIFICANT)))


def _by_doubling(run: Run, scales: Sequence[Fraction] | None, limit: int) -> Certified:
    numbers, precision = mpmath_numbers(), FIRST
    before = _printed(run, numbers, precision, scales)
    while precision < limit:
        precision *= 2
        after = _printed(run, numbers, precision, scales)
        if after == before:
            return Certified(tuple(after), False, precision)
        before = after
    raise RefoptError(f"{SIGNIFICANT} digits do not settle with {limit} digits of working precision", help="shorten the run")


@dataclass(frozen=True)
class Wrong:
    """A printed value that recomputation refutes: its position, both texts, and the first digit that differs (from 1)."""

    index: int
    printed: str
    recomputed: str
    digit: int


def confirm(run: Run, printed: Sequence[str], scales: Sequence[Fraction] | None = None, *, limit: int = 1024) -> list[Wrong]:
    """The printed values that decimal arithmetic, another evaluator than the one that made them, does not confirm.

    Starts with 60 digits and doubles them while anything disagrees, up to `limit`: what still disagrees then is wrong.
    """
    numbers, precision = decimal_numbers(), FIRST
    while True:
        try:
            recomputed = _printed(run, numbers, precision, scales)
        except decimal.InvalidOperation:
            recomputed = ["nan"] * len(printed)
        wrong = [Wrong(i, a, b, _first_difference(a, b)) for i, (a, b) in enumerate(zip(printed, recomputed, strict=True)) if a != b]
        if not wrong or precision >= limit:
            return wrong
        precision *= 2


def _first_difference(a: str, b: str) -> int:
    """The number of the first significant digit in which two decimal texts differ."""
    figures = [text.partition("e")[0].lstrip("-").replace(".", "").lstrip("0") for text in (a, b)]
    for i, (x, y) in enumerate(zip(*figures, strict=False), start=1):
        if x != y:
            return i
    return min(map(len, figures)) + 1
