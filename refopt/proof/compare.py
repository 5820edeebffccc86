"""Is the formula that was read the rule's? A random rational point refutes first; what survives is proved."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from refopt.language.compose import put_in, substitute
from refopt.language.evaluate import evaluate
from refopt.language.expression import Expression, literal
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.lifting.identity import is_nonzero
from refopt.lifting.needs import Need
from refopt.proof.defined import without_value
from refopt.proof.equality import Witness, differ, points, run_apart, run_witness, written_witness
from refopt.proof.exact_point import SYMPY, Nothing, NoValue, Run, TooLarge, exact, exact_value
from refopt.proof.one_update import OneUpdate
from refopt.proof.related import Multiple, Same
from refopt.proof.special_points import GRADIENTS, at_the_ends, branches, on_every_side
from refopt.proof.update_trees import after

LATE = (2, 3, 5, 10, 100, 1000)
"""Updates that are tried from some state, where no run from the start shows a difference."""


@dataclass(frozen=True)
class Relation:
    """Relation between a rule and a formula that was read.

    same      `everywhere` or `at_constant_rate`, both proved; `no`, with a witness; else `undecided`
    multiple  the multiple of the implementation's state that the rule's is
    witness   where they differ; at a changing rate where they are the same at a constant one
    need      what the second needs so that it has a value, where neither a proof that it is met nor a point where it is not was found
    """

    same: Same
    multiple: Multiple | None = None
    witness: Witness | None = None
    need: Need | None = None


def relate(rule: Rule, read: Rule, *, look: bool = True) -> Relation:
    """Prove that the two give the same theta in every run, or (where `look`) find a point where they do not."""
    same, multiple = OneUpdate(rule, read).same()
    need = without_value(rule, read) if same else None
    if not look and (need is not None or same is not Same.EVERYWHERE):
        return Relation(Same.UNDECIDED, None, None, need)
    if need is not None:  # the values are the same where there are any; SymPy does not see where there are none
        witness = at_special_points(rule, read)
        return Relation(Same.UNDECIDED if witness is None else Same.NO, None, witness, need)
    if same is Same.EVERYWHERE:
        return Relation(same, multiple)
    witness = run_witness(rule, read, constant_rate=multiple is None)
    if same:
        return Relation(same, multiple, witness)
    witness = witness or _from_a_state(rule, read) or at_special_points(rule, read) or run_witness(rule, read, constant_rate=False)
    return Relation(Same.UNDECIDED if witness is None else Same.NO, None, witness)


def is_rule(rule: Rule, read: Rule) -> bool:
    """True where the two are proved the same, the second having a value wherever the first has one."""
    return OneUpdate(rule, read).same()[0] is Same.EVERYWHERE and without_value(rule, read) is None


def at_special_points(rule: Rule, read: Rule) -> Witness | None:
    """A difference at the ends of the domains, at gradients and states of zero, or on one side of a branch."""
    hyper = next(points(rule.hyper, read.hyper))
    hypers = {h.name: h for h in (*rule.hyper, *read.hyper)}
    for point in at_the_ends(tuple(hypers.values()), hyper):
        for gradients in GRADIENTS:
            run = Run(point, Fraction(1, 3), gradients, (rule.rate_in(point, read.rate_in(point, Fraction(1))),) * len(gradients))
            if (found := run_apart(rule, read, run, constant_rate=True)) is not None:
                return found
    return _on_a_side(rule, read, hyper, hypers)


def _on_a_side(rule: Rule, read: Rule, hyper: Mapping[str, Fraction], hypers: Mapping[str, Hyper]) -> Witness | None:
    """A difference on one side of a branch: after the first update from the start, or after a later one from a state."""
    same_state = set(rule.state_names) == set(read.state_names) and _keep_the_same(rule, read, hyper)
    signs = {s.name: s.symbol.sign for r in (rule, read) for s in r.state}
    for first in (False, True) if same_state else (True,):
        base: dict[str, Any] = {**hyper, "theta": Fraction(1, 3), "g": Fraction(3, 5), "t": 1 if first else 7}
        base |= {} if first else {s: Fraction(2 + i, 19) for i, s in enumerate(sorted(rule.state_names))}
        trees = [after(r, first=first) for r in (rule, read)]
        for difference in branches([x for r in trees for x in r.values()]):
            for point in on_every_side(difference, base, hypers, signs):
                if first is not (point["t"] == 1):
                    continue  # each update has trees of its own
                if (found := _apart_where_it_can_be_computed(trees[0], trees[1], point, hypers, first=first)) is not None:
                    return found
    return None


def _apart_where_it_can_be_computed(
    one: Mapping[str, Expression], other: Mapping[str, Expression], point: Mapping[str, Any], hypers: Mapping[str, Hyper], *, first: bool
) -> Witness | None:
    """A difference at a point; where a power is too high to be computed there, at the one with its base at 0, if that is allowed."""
    try:
        return _apart_at(one, other, point, first=first)
    except TooLarge:
        pass
    powers = [node.args[0] for tree in (*one.values(), *other.values()) for node in tree.walk() if node.op == "pow"]
    bases = {n for base in powers for s in base.symbols() if (n := str(s.name)) in hypers and hypers[n].allows(0)}
    try:
        return _apart_at(one, other, {n: Fraction(0) if n in bases else x for n, x in point.items()}, first=first)
    except TooLarge:
        return None


def _apart_at(one: Mapping[str, Expression], other: Mapping[str, Expression], point: Mapping[str, Any], *, first: bool) -> Witness | None:
    numbers = {n: x if isinstance(x, int) else exact(x) for n, x in point.items()}
    wanted = {n: exact_value(one[n], numbers) for n in one}
    if any(isinstance(x, Nothing) for x in wanted.values()):
        return None
    for name in ["theta"] if first else ["theta", *(n for n in one if n in other and n != "theta")]:
        value = exact_value(other[name], numbers)
        if differ(wanted[name], value):
            shown = {n: x for n, x in point.items() if n != "t"} if first else dict(point)
            return written_witness(shown | ({} if name == "theta" else {"compared": name}), wanted[name], value)
    return None


def without(rule: Rule, names: Mapping[str, Fraction]) -> Rule:
    """The rule with some hyperparameters fixed at a value."""
    fixed = {n: literal(x) for n, x in names.items()}
    steps = put_in(rule.steps, fixed)
    state = tuple(replace(s, init=substitute(s.initial, fixed)) for s in rule.state)
    return replace(rule, hyper=tuple(h for h in rule.hyper if h.name not in names), state=state, steps=steps)


def _from_a_state(rule: Rule, read: Rule) -> Witness | None:
    """A state and a later update from which theta, or the state, comes out different; for rules with the same state only."""
    draw = random.Random(19510901)
    hyper = next(points(rule.hyper, read.hyper))
    if set(rule.state_names) != set(read.state_names) or not _keep_the_same(rule, read, hyper):
        return None
    for t in LATE:
        point = {"theta": Fraction(1, 3), "g": Fraction(draw.randint(1, 9), 10)}
        point |= {s: Fraction(draw.randint(1, 9), draw.randint(10, 19)) for s in sorted(rule.state_names)}
        found = [_update(r, {**hyper, **point}, t) for r in (rule, read)]
        for name in ("theta", *rule.state_names):
            if differ(found[0][name], found[1][name]):
                shown = {**hyper, **point, "t": t} | ({} if name == "theta" else {"compared": name})
                return written_witness(shown, found[0][name], found[1][name])
    return None


def state_witness(rule: Rule, read: Rule, state: str) -> Witness | None:
    """A point at which the state comes out different after the first update, theta being the same."""
    for _, hyper in zip(range(4), points(rule.hyper, read.hyper), strict=False):
        point = {"theta": Fraction(1, 3), "g": Fraction(3, 5)}
        known = {n: exact(x) for n, x in {**hyper, **point}.items()} | {"t": 1}
        starts = [{s.name: evaluate(s.initial, known, SYMPY) for s in r.state} for r in (rule, read)]
        a, b = (_assigned(r, {**known, **start})[state] for r, start in zip((rule, read), starts, strict=True))
        if differ(a, b):
            return written_witness({**hyper, **point, "compared": state}, a, b)
    return None


def _keep_the_same(rule: Rule, read: Rule, hyper: Mapping[str, Fraction]) -> bool:
    """True where the states of one name are alike in a run from the start: only then do they mean the same."""
    spaces = []
    for r in (rule, read):
        start: dict[str, Any] = {n: exact(x) for n, x in hyper.items()} | {"theta": exact(Fraction(1, 3))}
        spaces.append(start | {s.name: evaluate(s.initial, start, SYMPY) for s in r.state})
    for t in range(1, 4):
        for i, r in enumerate((rule, read)):
            spaces[i] = _assigned(r, {**spaces[i], "g": exact(Fraction((-1) ** t * t, 7)), "t": t})
        if any(isinstance(x[n], Nothing) for x in spaces for n in rule.state_names) or any(is_nonzero(spaces[0][n] - spaces[1][n]) for n in rule.state_names):
            return False
    return True


def _update(rule: Rule, point: Mapping[str, Fraction], t: int) -> dict[str, Any]:
    return _assigned(rule, {n: exact(x) for n, x in point.items()} | {"t": t})


def _nothing(rule: Rule, space: dict[str, Any], reason: NoValue) -> dict[str, Any]:
    return space | {n: Nothing(str(reason)) for n in ("theta", *rule.state_names)}


def _assigned(rule: Rule, space: dict[str, Any]) -> dict[str, Any]:
    try:
        for let in rule.steps:
            space[let.name] = evaluate(let.value, space, SYMPY)
    except NoValue as reason:
        return _nothing(rule, space, reason)
    return space
