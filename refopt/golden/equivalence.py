"""Equivalence of a mutant and its rule: proved with SymPy, never assumed."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

from refopt.golden.mutants import Mutant, ScheduleMutant
from refopt.golden.tree_mutations import COMPARISONS, replaced_once
from refopt.language.expression import Expression, k, t
from refopt.language.reductions import closed_form
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


def is_equivalent(mutant: Mutant, rule: Rule) -> bool:
    """True where a mutant is the same formula: equal at random rational points, and then proved so by SymPy."""
    if len(mutant.rule.state) > len(rule.state):  # it keeps what it is given for the next update: a value that the rule never had
        return False
    changed = [a.name for a, b in zip(mutant.rule.state, rule.state, strict=True) if a.initial != b.initial]
    if changed:
        return not any(_reaches_first_update(rule, name) for name in changed)
    ours, theirs = closed_form(rule), closed_form(mutant.rule)
    rng = random.Random(f"equivalent {mutant.id}")
    for name in ours:
        difference = ours[name] - theirs[name]
        if difference == 0:
            continue
        if not (_vanishes(difference, rng) and (_is_zero(difference, rng) or _is_zero_from_the_start(difference, rule, rng))):
            return False
    return True


def _is_zero_from_the_start(difference: Any, rule: Rule, rng: random.Random) -> bool:
    """True where a difference is proved to be zero at update 1, from the values that every state starts with, and at every later one."""
    import sympy as sp

    if t.sym not in difference.free_symbols:
        return False
    first = difference.subs({t.sym: 1}).subs({s.symbol.sym: s.initial.sym for s in rule.state})
    later = difference.subs({t.sym: sp.Symbol("n", integer=True, nonnegative=True) + 2})
    return all(x == 0 or (_vanishes(x, rng) and _is_zero(x, rng)) for x in (first, later))


WHOLE = ((2, 5), (2, 5), (20, 99), (1000, 9999))
"""Ranges of the whole numbers of each point that is tried: a choice may fall otherwise where they are large."""
DIGITS, NOTHING = 60, 30
"""Digits of a value at a point, and those that a difference has to vanish to."""
MOST_CHOICES = 6
"""Conditions on real numbers up to which each combination of choices is proved by itself."""


def _vanishes(difference: Any, rng: random.Random) -> bool:
    """True where a difference is zero at some random points."""
    import sympy as sp
    from mpmath import mp, mpf

    symbols = sorted(difference.free_symbols, key=str)
    value = sp.lambdify(symbols, difference, "mpmath")
    with mp.workdps(DIGITS):
        for low, high in WHOLE:
            point = [rng.randint(low, high) if s.is_integer else mpf(rng.randint(1, 99)) / 100 for s in symbols]
            try:
                found = abs(value(*point))
            except ZeroDivisionError:
                return False
            if not found <= mpf(10) ** -NOTHING:
                return False
    return True


def _is_zero(difference: Any, rng: random.Random) -> bool:
    """True where a difference is proved to be zero. With choices by real numbers: whichever way each of them falls.

    Random points may all fall one way, so that each way is tried at points of its own before SymPy, which takes seconds to say no.
    """
    import sympy as sp
    from sympy.core.relational import Relational

    choices = sorted({c for p in difference.atoms(sp.Piecewise) for _, condition in p.args for c in condition.atoms(Relational)}, key=str)
    if all(s.is_integer for c in choices for s in c.free_symbols):
        return bool(sp.simplify(difference) == 0)
    if len(choices) > MOST_CHOICES:
        return False
    ways = itertools.product((sp.true, sp.false), repeat=len(choices))
    fallen = [difference.xreplace(dict(zip(choices, way, strict=True))) for way in ways]
    return all(x == 0 or _vanishes(x, rng) for x in fallen) and all(x == 0 or sp.simplify(x) == 0 for x in fallen)


def _reaches_first_update(rule: Rule, state: str) -> bool:
    """True where any value after update 1, the other states at their starts, depends on what a state variable was before it."""
    import sympy as sp

    starts = {s.name: s.initial.sym for s in rule.state if s.name != state}
    for value in rule.closed_form().values():
        symbols = {str(s.name): s for s in value.free_symbols}
        at_start = {symbols[name]: start for name, start in {**starts, "t": 1}.items() if name in symbols}
        first = value.subs(at_start, simultaneous=True)
        if state in {str(s.name) for s in sp.expand(first).free_symbols}:
            return True
    return False


def is_equivalent_schedule(mutant: ScheduleMutant, schedule: Schedule) -> bool:
    """True where a schedule's mutant is the same function of the step, proved by SymPy.

    A boundary that has moved by whole steps changes the rate of these steps only: with the boundary put back the
    formulas must be the same, and at each of these steps the two must have the same rate.
    """
    import sympy as sp

    if schedule.waits or mutant.schedule.waits:  # a count that depends on what is measured has no closed form: step by step alone
        return schedule.steps_sym() == mutant.schedule.steps_sym()
    ours, theirs = schedule.rate, mutant.schedule.rate
    boundaries = list(zip(_comparisons(ours), _comparisons(theirs), strict=False))
    if len(boundaries) != len(list(_comparisons(theirs))) or len(boundaries) != len(list(_comparisons(ours))):
        return False
    steps = []
    for a, b in boundaries:
        moved = _steps_between(a, b)
        if moved is None:
            return False
        steps += moved
        theirs = next(replaced_once(theirs, b, a))
    at = [(ours.sym.subs(k.sym, step), mutant.schedule.rate.sym.subs(k.sym, step)) for step in steps]
    return all(sp.simplify(x - y) == 0 for x, y in [(ours.sym, theirs.sym), *at])


def _comparisons(node: Expression) -> Iterator[Expression]:
    return (part for part in node.walk() if part.op in COMPARISONS)


def _steps_between(a: Expression, b: Expression) -> list[Any] | None:
    """The steps k at which one of two upper bounds on k holds and the other does not; None where that cannot be said."""
    last = [_last_step(x) for x in (a, b)]
    if last[0] is None or last[1] is None:
        return [] if a == b else None
    distance = last[1] - last[0]
    if not distance.is_Integer:
        return None
    return [last[0] + i for i in (range(1, int(distance) + 1) if distance > 0 else range(int(distance) + 1, 1))]


def _last_step(condition: Expression) -> Any:
    """The last step k at which an upper bound on k holds, an expression; None for any other condition."""
    if condition.op not in ("lt", "le"):
        return None
    beyond = condition.args[0].sym - condition.args[1].sym
    if not beyond.is_integer or beyond.diff(k.sym) != 1:
        return None
    return k.sym - beyond - (1 if condition.op == "lt" else 0)
