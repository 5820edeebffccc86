"""Formulas that choose by comparing steps: proved the same case by case.

Every comparison in a Piecewise, Min, Max or Abs is decided by what is known, or both answers are followed. What is known are integers
that are not negative: a < b of whole numbers is kept as b - a - 1 >= 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from refopt.proof.identity import Answer, identical

DEEPEST = 8
"""Comparisons that are followed on one path."""


def same_in_cases(one: Any, other: Any, facts: Sequence[Any] = ()) -> bool:
    """Whether two SymPy expressions are proved the same in every case."""
    if any(sp.expand(f + g).is_negative for f in facts for g in (0, *facts)):
        return True  # there is no such case
    pair = sp.Tuple(one, other)
    choice = _innermost(pair)
    if choice is None:
        values = _equations(facts)
        return identical(one.subs(values), other.subs(values)) is Answer.PROVED
    difference, when_not_negative, when_negative = _parts(choice)
    cases = ((difference, when_not_negative), (_negative(difference), when_negative))
    for known, value in cases:
        if _follows(known, facts):
            return same_in_cases(one.xreplace({choice: value}), other.xreplace({choice: value}), facts)
    if len(facts) >= DEEPEST:
        return False
    followed = [(one.xreplace({choice: value}), other.xreplace({choice: value}), (*facts, known)) for known, value in cases]
    return all(same_in_cases(a, b, more) for a, b, more in followed)


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


def _negative(difference: Any) -> Any:
    """What is not negative where the difference is negative."""
    return -difference - 1 if difference.is_integer else -difference


def _follows(wanted: Any, facts: Sequence[Any]) -> bool:
    """Whether `wanted` is not negative: by itself, or as something known with something not negative added."""
    return any(sp.expand(wanted - f).is_nonnegative for f in (0, *facts))


def _equations(facts: Sequence[Any]) -> dict[Any, Any]:
    """A symbol by what it must be: where neither a fact nor its negative is negative, the fact is zero."""
    for f in facts:
        if (-f).is_nonnegative or any(sp.expand(f + g) == 0 for g in facts):
            for symbol in sorted(f.free_symbols, key=lambda s: (s.name != "k", s.name)):
                solved = sp.solve(f, symbol)
                if len(solved) == 1:
                    return {symbol: solved[0]}
    return {}
