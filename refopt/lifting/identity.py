"""Identity of two SymPy expressions: a random point refutes at once, simplification proves."""

from __future__ import annotations

import random
from collections.abc import Mapping
from enum import Enum
from typing import Any

import sympy as sp

DIGITS = 30
"""Digits to which a value at a random point is computed, each of them certain."""
PER_CHOICE = 16
"""So many times more points for formulas that choose by a condition: a branch may hold at few of them only."""


class Answer(Enum):
    """Same for all values of the symbols, different, or neither shown."""

    PROVED = "proved"
    REFUTED = "refuted"
    OPEN = "open"


def identical(first: Any, second: Any, attempts: int = 3) -> Answer:
    """Compare two expressions: at random rational points first, then by simplification of the difference."""
    difference = first - second
    if difference == 0:
        return Answer.PROVED
    if is_refuted(difference, attempts):
        return Answer.REFUTED
    if any(sp.expand(sp.fraction(find(difference))[0]) == 0 for find in (sp.together, sp.simplify)):
        return Answer.PROVED
    return Answer.OPEN


def is_refuted(difference: Any, attempts: int = 3) -> bool:
    """True where a difference is certainly not zero at one of some random rational points."""
    draw = random.Random(20150507)
    chooses = difference.has(sp.Piecewise)
    attempts *= PER_CHOICE if chooses else 1
    return any(is_nonzero(difference.xreplace(point(difference.free_symbols, draw, at_both_ends=chooses))) for _ in range(attempts))


def with_plain_conditions(expression: Any) -> Any:
    """The expression, each condition of its choices written as one reduced fraction against 0; what is then a comparison of numbers is decided.

    Two programs that write one condition in different words come to the same choices.
    """
    written = {}
    for choice in expression.atoms(sp.Piecewise):
        for condition in (c for _, c in choice.args for c in c.atoms(sp.Gt, sp.Ge, sp.Lt, sp.Le)):
            written[condition] = condition.func(sp.cancel(sp.together(condition.lhs - condition.rhs)), 0)
    return expression.xreplace(written) if written else expression


def point(symbols: Any, draw: random.Random, at_both_ends: bool = False) -> dict[Any, Any]:
    """A random rational value for each symbol, in an order that does not depend on the run: between 0 and 1, integers where they must be.

    Near 0 oftener than near 1; with `at_both_ends` as often.
    """

    def share() -> Any:
        drawn = sp.Rational(draw.randint(1, 19), draw.randint(20, 40))
        return 1 - drawn if at_both_ends and draw.random() < 0.5 else drawn

    return {s: sp.Integer(draw.randint(2, 9)) if s.is_integer else share() for s in sorted(symbols, key=lambda s: str(s.name))}


def is_nonzero(value: Any) -> bool:
    """True where an exact number is certainly not zero: its first digits are computed with a bound on their error."""
    if value.is_Rational:
        return bool(value != 0)
    try:
        found = value.evalf(DIGITS, strict=True, maxn=400)
        real, imaginary = found.as_real_imag()
        if all(part.is_Float or part == 0 for part in (real, imaginary)):  # SymPy takes long to find what the absolute value of a formula is
            return bool(real != 0 or imaginary != 0)
    except sp.core.evalf.PrecisionExhausted:
        if value.is_extended_real:
            return False  # as far as 400 digits show it is zero
    except TypeError:
        pass
    try:
        return bool(sp.Abs(value).evalf(DIGITS, strict=True, maxn=400) > 0)
    except (sp.core.evalf.PrecisionExhausted, TypeError):
        return False


def without_powers(expression: Any, names: Mapping[Any, Any]) -> Any:
    """The expression with each power base^t of a hyperparameter written as 1 - p, p a positive symbol.

    SymPy cannot see that 1 - beta^t is positive; of a positive symbol it can.
    """
    return expression.replace(
        lambda e: e.is_Pow and e.base in names and e.exp.is_Symbol and e.exp.is_integer,
        lambda e: 1 - names[e.base],
    )
