"""A rate found from the rate of the step before: proved to be a closed form by induction over the steps.

Where a recursion chooses by whether a multiple of a length is reached, the two cases are proved apart: at a multiple, the step is
written with the number of lengths; elsewhere, the floor of the step before is the floor of this step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from refopt.language.compose import substitute
from refopt.language.expression import Expression, k, literal
from refopt.language.schedule import lr_prev
from refopt.lifting.identity import Answer, identical
from refopt.lifting.needs import Need, Wanted, is_met, needs_of
from refopt.lifting.ranges import Range
from refopt.proof.cases import Fact, facts_of, opposite, same_in_cases

_NUMBER = sp.Symbol("_number_of_lengths", integer=True, nonnegative=True)


def follows(recursion: Expression, start: Expression, rate: Expression, domain: Sequence[Expression] = ()) -> bool:
    """True where it is proved that the recursion, begun with `start`, gives the closed form `rate` at every step, inside the domain."""
    first = substitute(rate, {"k": literal(0)})
    if identical(start.sym, first.sym) is not Answer.PROVED:
        return False
    before = substitute(rate, {"k": k - 1})
    return _holds(substitute(recursion, {str(lr_prev.name): before}), rate, domain)


def without_value(recursion: Expression, rate: Expression, known: Mapping[Expression, Range]) -> Need | None:
    """A need of the recursion that the closed form has not; None where it is proved that there is none."""
    granted = needs_of([rate])
    met = (lambda need: is_met(need, granted, known), _is_off_the_turn, lambda need: _is_told_by_its_guards(need, known))
    return next((need for need in needs_of([recursion]) if not any(way(need) for way in met)), None)


def _is_told_by_its_guards(need: Need, known: Mapping[Expression, Range]) -> bool:
    """True where the guards of a need, and the signs of its letters, say on which side of zero something is, after step 0."""
    letters = {x.sym: sp.Dummy(positive=True, integer=x.sym.is_integer) for x, found in known.items() if x.op == "symbol" and found.is_positive}
    letters[k.sym] = sp.Dummy(nonnegative=True, integer=True) + 1
    conditions = [c if holds else opposite(c) for c, holds in need.guards]
    facts = [Fact(f.value.subs(letters), f.strict) for f in facts_of([c for c in conditions if c is not None])]
    facts += [Fact(f.value * letter, f.strict) for f in facts for letter in letters.values() if letter.is_Symbol]
    over, under = sp.fraction(sp.together(need.node.sym.subs(letters)))
    if need.wanted is Wanted.NONZERO:
        return any(Fact(sign * over, strict=True).follows_from(facts) for sign in (1, -1))
    strict = need.wanted is Wanted.POSITIVE
    return any(Fact(sign * over, strict).follows_from(facts) and Fact(sign * under, strict=True).follows_from(facts) for sign in (1, -1))


def _is_off_the_turn(need: Need) -> bool:
    """True where the need is that 1 + cos(pi*x) is not zero where x is known to be no odd whole number."""
    if need.wanted is not Wanted.NONZERO or need.node.op != "add":
        return False
    (one, cosine) = sorted(need.node.args, key=lambda a: a.op == "cos")
    if one.value != 1 or cosine.op != "cos":
        return False
    turns = (cosine.args[0].sym / sp.pi - 1) / 2
    wholes = (_whole_number(condition) for condition, holds in need.guards if not holds)
    return any(q is not None and sp.simplify(turns - q).is_integer for q in wholes)


def _holds(one: Expression, rate: Expression, domain: Sequence[Expression]) -> bool:
    whole = _whole_number(one.args[0]) if one.op == "where" else None
    if whole is None:
        later = {k.sym: sp.Symbol("k", integer=True, nonnegative=True) + 1}
        return identical(one.sym, rate.sym) is Answer.PROVED or same_in_cases(one.sym.subs(later), rate.sym.subs(later), facts_of(domain))
    at_multiple = _at(one.args[1].sym, rate.sym, whole)
    return at_multiple and _elsewhere(one.args[2].sym, rate.sym, whole)


def _whole_number(condition: Expression) -> Any:
    """q where the condition says that q is a whole number: x = y*floor(q), q being x/y."""
    if condition.op != "eq":
        return None
    difference = condition.args[0].sym - condition.args[1].sym
    floors = list(difference.atoms(sp.floor))
    if len(floors) != 1:
        return None
    q = floors[0].args[0]
    length = -difference.coeff(floors[0]) if difference.coeff(floors[0]) != 0 else None
    if length is None or sp.simplify(difference.xreplace({floors[0]: q})) != 0:
        return None
    return q


def _at(one: Any, other: Any, q: Any) -> bool:
    """True where the two are the same wherever q is a whole number."""
    (step,) = sp.solve(q - _NUMBER, k.sym)
    pair = [_floors_below_one(sp.expand(x.subs(k.sym, step), trig=False)) for x in (one, other)]
    pair = [x.replace(sp.cos, lambda a: sp.cos(sp.expand(a))) for x in pair]
    return identical(*pair) is Answer.PROVED


def _floors_below_one(x: Any) -> Any:
    """floor(-1/n) is -1 for every whole n >= 1; floors of whole numbers and a fraction are taken apart first."""

    def of(argument: Any) -> Any:
        argument = sp.expand(argument)
        whole = sum(a for a in sp.Add.make_args(argument) if a.is_integer)
        rest = argument - whole
        inverse = -1 / rest if rest != 0 else None
        return whole - 1 if inverse is not None and inverse.is_integer and inverse.is_positive else whole + sp.floor(rest)

    return x.replace(sp.floor, of)


def _elsewhere(one: Any, other: Any, q: Any) -> bool:
    """True where the two are the same wherever q is no whole number: then floor(q - 1/n) is floor(q), n = 1/(q(k) - q(k - 1))."""
    before = q.subs(k.sym, k.sym - 1)

    def same(x: Any) -> Any:
        return x.replace(lambda e: isinstance(e, sp.floor) and sp.simplify(e.args[0] - before) == 0, lambda e: sp.floor(q))

    return identical(same(one), same(other)) is Answer.PROVED
