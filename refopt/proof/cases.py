"""Formulas that choose by comparing steps: proved the same case by case.

Every comparison in a Piecewise, Min, Max or Abs is decided by what is known, or both answers are followed. What is known are integers
that are not negative: a < b of whole numbers is kept as b - a - 1 >= 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from refopt.language.expression import Expression
from refopt.lifting.identity import Answer, identical

DEEPEST = 8
"""Comparisons that are followed on one path."""


@dataclass(frozen=True)
class Fact:
    """A known fact: the value is not negative, or (strict) positive."""

    value: Any
    strict: bool = False

    def is_impossible(self) -> bool:
        """True where SymPy knows that it cannot hold."""
        value = sp.expand(self.value)
        return bool(value.is_negative or (self.strict and value.is_nonpositive))

    def __add__(self, other: Fact) -> Fact:
        return Fact(self.value + other.value, self.strict or other.strict)

    def follows_from(self, facts: Sequence[Fact]) -> bool:
        """True where it holds by itself, or as one of the facts with something not negative (or positive, where that is needed) added."""
        for known in (Fact(sp.Integer(0)), *facts):
            rest = sp.expand(self.value - known.value)
            if rest.is_positive or (rest.is_nonnegative and (known.strict or not self.strict)):
                return True
        return False


def _cleared(difference: Any) -> Any:
    """A number of the same sign as the difference, without a divisor that is known to be positive."""
    over, under = sp.fraction(sp.together(difference))
    return over if under.is_positive else difference


def _negative(difference: Any) -> Fact:
    """That the difference is negative; of whole numbers, that it is at most -1."""
    return Fact(-difference - 1) if difference.is_integer else Fact(-difference, strict=True)


def same_in_cases(one: Any, other: Any, facts: Sequence[Fact] = ()) -> bool:
    """True where two SymPy expressions are proved the same in every case."""
    if any(f.is_impossible() for f in facts) or any((f + g).is_impossible() for f in facts for g in facts):
        return True  # there is no such case
    choice = _innermost(sp.Tuple(one, other))
    if choice is None:
        values = _equations(facts)
        return identical(one.subs(values), other.subs(values)) is Answer.PROVED
    difference, when_not_negative, when_negative = _parts(choice)
    difference = _cleared(difference)
    cases = ((Fact(difference), when_not_negative), (_negative(difference), when_negative))
    for known, value in cases:
        if known.follows_from(facts):
            return same_in_cases(one.xreplace({choice: value}), other.xreplace({choice: value}), facts)
    if len(facts) >= DEEPEST:
        return False
    followed = [(one.xreplace({choice: value}), other.xreplace({choice: value}), (*facts, known)) for known, value in cases]
    return all(same_in_cases(a, b, more) for a, b, more in followed)


def same_rate(one: Expression, other: Expression) -> bool:
    """True where two rates are proved the same, at once or case by case."""
    if any(n.op in ("where", "min", "max") for tree in (one, other) for n in tree.walk()):
        return same_in_cases(one.sym, other.sym)
    return identical(one.sym, other.sym) is Answer.PROVED


def _innermost(pair: Any) -> Any:
    """A choice that holds no other, None where there is none."""
    kinds = (sp.Piecewise, sp.Min, sp.Max, sp.Abs)
    found = [a for a in pair.atoms(*kinds) if not any(b.atoms(*kinds) for b in _compared(a)) and _parts(a) is not None]
    return min(found, key=sp.default_sort_key) if found else None


def _compared(choice: Any) -> Any:
    condition = choice.args[0][1] if isinstance(choice, sp.Piecewise) else None
    return choice.args if condition is None else condition.args


def _parts(choice: Any) -> Any:
    """(d, value where d >= 0, value where d < 0) of a choice between two."""
    if isinstance(choice, sp.Min | sp.Max):
        a, b = choice.args[0], choice.func(*choice.args[1:])
        return (a - b, b, a) if isinstance(choice, sp.Min) else (a - b, a, b)
    if isinstance(choice, sp.Abs):
        return choice.args[0], choice.args[0], -choice.args[0]
    (value, condition), *rest = choice.args
    otherwise = sp.Piecewise(*rest) if len(rest) > 1 or rest[0][1] != True else rest[0][0]  # noqa: E712  SymPy's own true
    if isinstance(condition, sp.Ge | sp.Lt):
        d = condition.lhs - condition.rhs
        return (d, value, otherwise) if isinstance(condition, sp.Ge) else (d, otherwise, value)
    if isinstance(condition, sp.Le | sp.Gt):
        d = condition.rhs - condition.lhs
        return (d, value, otherwise) if isinstance(condition, sp.Le) else (d, otherwise, value)
    return None


def _equations(facts: Sequence[Fact]) -> dict[Any, Any]:
    """A symbol by what it must be: where neither a value nor its negative is negative, the value is zero."""
    for f in facts:
        if (-f.value).is_nonnegative or any(sp.expand(f.value + other.value) == 0 for other in facts):
            for symbol in sorted(f.value.free_symbols, key=lambda s: (s.name != "k", s.name)):
                solved = sp.solve(f.value, symbol)
                if len(solved) == 1:
                    return {symbol: solved[0]}
    return {}
