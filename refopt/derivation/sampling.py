"""Random admissible points, and both sides of a statement there to 50 digits.

Nothing here simplifies: SymPy only puts numbers in, mpmath evaluates. Undefined functions get a random value for each
argument, the same for the same argument.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from refopt.derivation.refused import Refused
from refopt.derivation.symbol import Letter

POINTS = 8
"""Points at which a step is sampled."""
DIGITS = 50
"""Digits with which both sides are evaluated."""
CLOSE = sp.Rational(1, 10**30)
"""Two values that differ by more than this, beside the larger of 1 and their size, are different."""
_TRIES = 400
_GRAIN = 997


@dataclass(frozen=True)
class Point:
    """Values of the letters."""

    values: Mapping[Any, Any]

    def __str__(self) -> str:
        return ", ".join(f"{s} = {x}" for s, x in self.values.items()) or "every point"


def points(step: str, letters: Sequence[Letter], conditions: Sequence[Any], count: int = POINTS) -> Iterator[Point]:
    """`count` points of the letters' intervals that fulfil the conditions, the same for the same name of the step.

    Raises Refused where none can be found: a step about nothing proves nothing.
    """
    chance = random.Random(step)
    found = 0
    for _ in range(_TRIES):
        if found == count:
            return
        values: dict[Any, Any] = {}
        for one in letters:
            values[one.symbol] = _value(one, values, chance)
        if None not in values.values() and all(bool(c.subs(values)) for c in conditions):
            found += 1
            yield Point(values)
    if found < count:
        raise Refused(step, "no admissible points found: the assumptions exclude each other")


def _value(of: Letter, before: Mapping[Any, Any], chance: random.Random) -> Any:
    """A number in the letter's interval; None where that is empty, for these values of the letters before."""
    if None in before.values():
        return None
    if of.is_complex:
        return _part(chance) + sp.I * _part(chance)
    low, high = (None if x is None else x.xreplace(before) for x in (of.low, of.high))
    if of.integer:
        first = 0 if low is None else int(sp.floor(low)) + (0 if of.low_closed else 1)
        last = first + 8 if high is None else int(sp.ceiling(high)) - (0 if of.high_closed else 1)
        first -= 8 if low is None else 0
        return sp.Integer(chance.randint(first, last)) if first <= last else None
    if low is not None and high is not None:
        if not low < high:
            return None
        return low + (high - low) * sp.Rational(chance.randint(1, _GRAIN - 1), _GRAIN)
    size = sp.Rational(chance.randint(1, 9 * _GRAIN), _GRAIN) ** chance.choice((-1, 1, 1))
    if low is not None:
        return low + size
    return high - size if high is not None else size * chance.choice((-1, 1))


def _part(chance: random.Random) -> Any:
    return sp.Rational(chance.randint(1, 2 * _GRAIN), _GRAIN) * chance.choice((-1, 1))


def value(expression: Any, point: Mapping[Any, Any], seed: str = "") -> Any:
    """The number that an expression is at a point, to 50 digits; a truth value for a condition. None where it has none there."""
    at = sp.sympify(expression).xreplace(dict(point))
    if at.has(sp.Sum, sp.Product):
        at = at.doit()
    at = at.replace(lambda x: isinstance(x, AppliedUndef), lambda x: _chosen(x, seed))
    if at in (sp.true, sp.false):
        return bool(at)
    number = sp.N(at, DIGITS)
    if number.free_symbols:
        return None
    return number if number.is_number and number.is_finite else None


def _chosen(applied: Any, seed: str) -> Any:
    """A random value for an undefined function at given numbers; positive where the function is declared so."""
    chance = random.Random(f"{seed} {applied}")
    size = sp.Rational(chance.randint(1, 3 * _GRAIN), _GRAIN)
    return size if applied.is_positive else size * chance.choice((-1, 1))


def apart(left: Any, right: Any) -> bool:
    """True where two numbers differ in the first 30 digits (beside 1 where both are smaller)."""
    return bool(sp.Abs(left - right) > CLOSE * max(sp.Integer(1), sp.Abs(left), sp.Abs(right)))


def shown(number: Any) -> str:
    """A number to twelve digits; no zeros at the end."""
    text = str(sp.N(number, 12))
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text and text.isascii() else text
