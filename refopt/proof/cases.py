"""Formulas that choose by comparing steps: proved the same case by case.

Every comparison in a Piecewise, Min, Max, Abs or sign is decided by what is known, or both answers are followed; so is a floor between 0 and 1,
and one beside another. What is known are integers that are not negative: a < b of whole numbers is kept as b - a - 1 >= 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

import sympy as sp

from refopt.language.expression import Expression, operation
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
        if self._is_told_by(facts):
            return True
        return bool(not self.strict and self.value.is_integer and Fact(self.value + 1, strict=True)._is_told_by(facts))  # a whole number above -1

    def _is_told_by(self, facts: Sequence[Fact]) -> bool:
        for known in (Fact(sp.Integer(0)), *facts):
            rest, strict = sp.expand(self.value - known.value), self.strict and not known.strict
            if rest.is_positive or (rest.is_nonnegative and not strict) or _is_product_of_such(rest, facts, strict):
                return True
        return False


def _is_product_of_such(value: Any, facts: Sequence[Fact], strict: bool) -> bool:
    """True where the value is a product of which no part is negative (none is zero), each by itself or as one of the facts says."""
    parts = sp.Mul.make_args(sp.factor(value))
    return len(parts) > 1 and sp.prod(_side(part, facts, strict) for part in parts) == 1


def _side(part: Any, facts: Sequence[Fact], strict: bool) -> int:
    """1 where the part is not negative (is positive), -1 where its negative is; 0 where neither is said."""
    for way in (1, -1):
        own = way * part
        if own.is_positive or (own.is_nonnegative and not strict):
            return way
        for f in facts:
            rest = sp.expand(own - f.value)
            if rest.is_positive or (rest.is_nonnegative and (f.strict or not strict)):
                return way
    return 0


def _of_floors(pair: Any) -> tuple[Fact, ...]:
    """That a floor is not above what it is of, and less than 1 below."""
    floors = sorted(pair.atoms(sp.floor), key=sp.default_sort_key)
    plain = [f for x in floors for f in (Fact(x.args[0] - x), Fact(x - x.args[0] + 1, strict=True))]
    cleared = [Fact(_cleared(f.value), f.strict) for f in plain]
    return (*plain, *cleared, *(Fact(f.value - 1) for f in cleared if f.strict and f.value.is_integer))


def _floor_by_cases(pair: Any, facts: Sequence[Fact]) -> tuple[tuple[dict[Any, Any], tuple[Fact, ...]], ...]:
    """A floor that the facts say is 0; or one of a little more than another floor is of, which is that one or 1 more. Each case with its facts."""
    floors, told = sorted(pair.atoms(sp.floor), key=sp.default_sort_key), (*facts, *_of_floors(pair))
    for x in floors:
        if Fact(_cleared(x.args[0])).follows_from(told) and Fact(_cleared(1 - x.args[0]), strict=True).follows_from(told):
            return (({x: sp.Integer(0)}, ()),)
    for x, y in permutations(floors, 2):
        more = sp.expand(x.args[0] - y.args[0])
        if more.is_positive and Fact(_cleared(1 - more)).follows_from(told):
            above = _cleared(x.args[0] - y - 1)
            return ({x: y}, (_negative(above), *_of_floors(y))), ({x: y + 1}, (Fact(above), *_of_floors(y)))
    return ()


def _with_one_floor(one: Any, other: Any, facts: Sequence[Fact]) -> tuple[Any, Any]:
    """The two, floor(-x) written with floor(x) where the facts say whether x is whole."""
    floors, written = sp.Tuple(one, other).atoms(sp.floor), {}
    for below in (x for x in floors if not x.args[0].could_extract_minus_sign() and sp.floor(-x.args[0]) in floors):
        rest = _cleared(below.args[0] - below)
        if Fact(-rest).follows_from(facts):
            written[sp.floor(-below.args[0])] = -below
        elif Fact(rest, strict=True).follows_from(facts):
            written[sp.floor(-below.args[0])] = -below - 1
    return one.xreplace(written), other.xreplace(written)


def _cleared(difference: Any) -> Any:
    """A number of the same sign as the difference, without a divisor that is known to be positive."""
    over, under = sp.fraction(sp.together(difference))
    return over if under.is_positive else difference


def _negative(difference: Any) -> Fact:
    """That the difference is negative; of whole numbers, that it is at most -1."""
    return Fact(-difference - 1) if difference.is_integer else Fact(-difference, strict=True)


def facts_of(conditions: Sequence[Expression]) -> tuple[Fact, ...]:
    """Facts that the conditions of a domain state."""
    found = []
    for c in (c for c in conditions if c.op in ("lt", "le", "gt", "ge")):
        low, high = (x.sym for x in (c.args if c.op in ("lt", "le") else c.args[::-1]))
        found.append(Fact(high - low, c.op in ("lt", "gt")))
    around = [f + g for f, g in combinations(found, 2) if _constant(f) and _constant(f) == -_constant(g)]  # below 1 and above 1
    return (*found, *around)


def _constant(fact: Fact) -> Any:
    return sp.sympify(fact.value).as_coeff_Add()[0]


def opposite(condition: Expression) -> Expression | None:
    """The comparison that holds where this one does not; None where it is no comparison by size."""
    op = {"lt": "ge", "gt": "le", "le": "gt", "ge": "lt"}.get(condition.op)
    return None if op is None else operation(op, *condition.args)


def same_in_cases(one: Any, other: Any, facts: Sequence[Fact] = (), deepest: int = DEEPEST) -> bool:
    """True where two SymPy expressions are proved the same in every case."""
    if any(f.is_impossible() for f in facts) or any((f + g).is_impossible() for f in facts for g in facts):
        return True  # there is no such case
    one, other = _with_one_floor(one, other, facts)
    if values := _equations((*facts, *_of_floors(sp.Tuple(one, other)))):
        one, other, facts = one.subs(values), other.subs(values), tuple(Fact(f.value.subs(values), f.strict) for f in facts)
    floors = _floor_by_cases(sp.Tuple(one, other), facts)
    if floors and deepest >= len(floors) - 1:
        return all(same_in_cases(one.xreplace(values), other.xreplace(values), (*facts, *more), deepest - len(floors) + 1) for values, more in floors)
    choice = _innermost(sp.Tuple(one, other))
    if choice is None:
        return identical(*(_powers_apart(x, facts) for x in (one, other))) is Answer.PROVED
    difference, when_not_negative, when_negative = _parts(choice)
    difference, told = _cleared(difference), (*facts, *_of_floors(choice))
    at_most_zero = _negative(difference) if isinstance(choice, sp.Piecewise) else Fact(-difference)  # both ways are the same at 0
    cases = ((Fact(difference), Fact(difference), when_not_negative), (at_most_zero, _negative(difference), when_negative))
    for enough, _, value in cases:
        if enough.follows_from(told):
            return same_in_cases(one.xreplace({choice: value}), other.xreplace({choice: value}), facts, deepest)
    if deepest == 0:
        return False
    followed = [(one.xreplace({choice: value}), other.xreplace({choice: value}), (*facts, known)) for _, known, value in cases]
    return all(same_in_cases(a, b, more, deepest - 1) for a, b, more in followed)


def _powers_apart(x: Any, facts: Sequence[Fact]) -> Any:
    """(a*b)^p as a^p*b^p, where the facts say that a and b are not negative, and what stands below is positive."""
    known: dict[Any, Any] = {}

    def signed(part: Any) -> Any:
        base, exponent = part.as_base_exp()
        if base.is_nonnegative or not base.free_symbols:
            return part
        for way in (1, -1):
            if Fact(way * base, strict=True).follows_from(facts):
                return (way * known.setdefault(way * base, sp.Dummy(positive=True))) ** exponent
            if exponent.is_positive and Fact(way * base).follows_from(facts):
                return (way * known.setdefault(way * base, sp.Dummy(nonnegative=True))) ** exponent
        return part

    def apart(base: Any, exponent: Any) -> Any:
        if exponent.is_integer:
            return base**exponent
        return sp.expand_power_base(sp.Mul(*map(signed, sp.Mul.make_args(sp.factor(base)))) ** exponent)

    return x.replace(sp.Pow, apart).subs({letter: value for value, letter in known.items()}) if x.has(sp.Pow) else x


def same_rate(one: Expression, other: Expression, domain: Sequence[Expression] = ()) -> bool:
    """True where two rates are proved the same inside the domain, at once or case by case."""
    if any(n.op in ("where", "min", "max", "abs", "floor") for tree in (one, other) for n in tree.walk()):
        return same_in_cases(one.sym, other.sym, facts_of(domain))
    return identical(one.sym, other.sym) is Answer.PROVED


def _innermost(pair: Any) -> Any:
    """A choice that holds no other, None where there is none."""
    kinds = (sp.Piecewise, sp.Min, sp.Max, sp.Abs, sp.sign)
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
    if isinstance(choice, sp.sign):
        return choice.args[0], sp.Piecewise((0, choice.args[0] <= 0), (1, True)), sp.Integer(-1)
    (value, condition), *rest = choice.args
    otherwise = sp.Piecewise(*rest) if len(rest) > 1 or rest[0][1] != True else rest[0][0]  # noqa: E712  SymPy's own true
    return _decided(condition, value, otherwise)


def _decided(condition: Any, value: Any, otherwise: Any) -> Any:
    """The same of a value where a condition holds, and another where it does not."""
    if isinstance(condition, sp.And):  # one after the other
        first, *others = sorted(condition.args, key=sp.default_sort_key)
        return _decided(first, sp.Piecewise((value, sp.And(*others)), (otherwise, True)), otherwise)
    if isinstance(condition, sp.Or):
        first, *others = sorted(condition.args, key=sp.default_sort_key)
        return _decided(first, value, sp.Piecewise((value, sp.Or(*others)), (otherwise, True)))
    if isinstance(condition, sp.ITE):
        first, *others = condition.args
        return _decided(first, *(sp.Piecewise((value, other), (otherwise, True)) for other in others))
    if isinstance(condition, sp.Ge | sp.Lt):
        d = condition.lhs - condition.rhs
        return (d, value, otherwise) if isinstance(condition, sp.Ge) else (d, otherwise, value)
    if isinstance(condition, sp.Le | sp.Gt):
        d = condition.rhs - condition.lhs
        return (d, value, otherwise) if isinstance(condition, sp.Le) else (d, otherwise, value)
    if isinstance(condition, sp.Eq):
        return condition.lhs - condition.rhs, sp.Piecewise((value, condition.lhs <= condition.rhs), (otherwise, True)), otherwise
    return None


def _equations(facts: Sequence[Fact]) -> dict[Any, Any]:
    """A symbol, or else a floor, by what it must be: where neither a value nor its negative is negative, the value is zero."""
    for f in facts:
        if (-f.value).is_nonnegative or any(sp.expand(f.value + other.value) == 0 for other in facts):
            symbols = sorted(f.value.free_symbols, key=lambda s: (s.name != "k", s.name))
            for unknown in (*symbols, *sorted(f.value.atoms(sp.floor), key=sp.default_sort_key)):
                if (found := _solved(f.value, unknown)) is not None:
                    return {unknown: found}
    return {}


def _solved(value: Any, unknown: Any) -> Any:
    """The unknown where the value is zero; None where the value is no line in it, or may be a level one."""
    place = sp.Dummy()
    line = sp.expand(value).xreplace({unknown: place})
    if not line.is_polynomial(place) or sp.degree(line, place) != 1 or unknown in line.free_symbols:
        return None
    return None if (slope := line.coeff(place)).is_nonzero is not True else -line.coeff(place, 0) / slope
