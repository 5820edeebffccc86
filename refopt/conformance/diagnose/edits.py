"""One edit of a formula, or of a run: what is tried when no named formula explains an implementation.

The mechanical mutants of the tree come first, then edits of a whole formula (a symbol for another throughout, a
hyperparameter that is not used, two that are exchanged) and of the count of updates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from refopt.catalogue.transformations.clipping import clipped
from refopt.golden.change import Change, Scope, part, previous
from refopt.golden.change import Kind as Changed
from refopt.golden.description import Description
from refopt.golden.mutants import mutants, new_formulas, with_steps, with_value
from refopt.golden.tree_mutations import replaced_once
from refopt.language.compose import put_in, substitute
from refopt.language.expression import Expression, Kind, absolute, equal, g, literal, minimum, operation, sqrt, t, tensor, theta, where
from refopt.language.extent import ELEMENT
from refopt.language.hyper import Hyper
from refopt.language.rule import Let, Rule

STUCK_AT = range(1, 10)
"""Counts at which a counter may stop."""


@dataclass(frozen=True)
class Edit:
    """A rule with one edit: what was changed, and `of`, the name of the rule that was edited."""

    change: Description
    rule: Rule
    of: str


@cache
def edits(rule: Rule) -> tuple[Edit, ...]:
    """Every edit of a rule, each formula once, the most particular first."""
    return in_context(rule, _every(rule))


def in_context(rule: Rule, found: Iterator[tuple[Change, Rule]], known: Iterable[Rule] = ()) -> tuple[Edit, ...]:
    """Each new formula with its edit; what stands in the place of something else in one assignment, in its context there."""
    new = new_formulas(rule, found, known)
    return tuple(Edit((_in_context(rule, edited) if change.is_replacement else None) or change, edited, rule.name) for change, edited in new)


def _in_context(rule: Rule, edited: Rule) -> Change | None:
    """The edit as one changed part of one assignment; a symbol or a number within the scalar that it stands in."""
    if [s.name for s in rule.steps] != [s.name for s in edited.steps]:
        return None
    changed = [(a, b) for a, b in zip(rule.steps, edited.steps, strict=True) if a.value != b.value]
    if len(changed) != 1:
        return None
    let, new = changed[0]
    old, other = scalar, replacement = let.value, new.value
    while True:
        if old.is_scalar and other.is_scalar and not (scalar.is_scalar and replacement.is_scalar):
            scalar, replacement = old, other
        differing = [i for i, (x, y) in enumerate(zip(old.args, other.args, strict=False)) if x != y]
        if old.op != other.op or len(old.args) != len(other.args) or len(differing) != 1:
            break
        old, other = old.args[differing[0]], other.args[differing[0]]
    if old.is_scalar and scalar.is_scalar and not old.args:
        old, other = scalar, replacement
    return part(let.name, old, other)


def _every(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    yield from ((m.edit, m.rule) for m in mutants(rule))
    yield from _another_symbol(rule)
    yield from _hyperparameters(rule)
    yield from _roots_and_squares(rule)
    yield from _signs_of_zero(rule)
    yield from _counts(rule)
    yield from _left_out(rule)
    yield from _whole_updates(rule)
    yield from _kept_otherwise(rule)


def _another_symbol(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """One value of an element in place of another (m for g, v for v_hat), at one place."""
    defined: list[Expression] = [theta, g, *(s.symbol for s in rule.state)]
    for position, let in enumerate(rule.steps):
        used = [s for s in dict.fromkeys(let.value.symbols()) if s.extent == ELEMENT]
        for old in used:
            for new in (d for d in dict.fromkeys(defined) if d != old):
                for tree in replaced_once(let.value, old, new):
                    yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))
        if let.symbol.extent == ELEMENT:
            defined.append(let.symbol)


def throughout(rule: Rule, values: dict[str, Expression]) -> tuple[Let, ...]:
    """The assignments with symbols replaced wherever they stand."""
    return put_in(rule.steps, values)


def values_of(h: Hyper) -> list[str]:
    """Values at which a hyperparameter may be held: its default, 0, 1, and what is usual."""
    return list(dict.fromkeys((h.default, "0", "1", *h.samples.fixed)))


def _hyperparameters(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """A hyperparameter whose default always holds, or is left at 0 or 1, or is taken several times; or in whose place another one stands."""
    real = [h for h in rule.hyper if h.symbol.kind is Kind.REAL]
    for h in real:
        for value in values_of(h):
            kind = Changed.ALWAYS_DEFAULT if value == h.default else Changed.ALWAYS
            yield from with_steps(rule, Change(kind, h.name, value=value), throughout(rule, {h.name: literal(value)}))
        for several in (2 * h.symbol, h.symbol / 2, 10 * h.symbol, h.symbol / 10, *(k.symbol for k in real if k != h)):
            yield from with_steps(rule, part(Scope.EVERYWHERE, h.symbol, several), throughout(rule, {h.name: several}))


def _roots_and_squares(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """A hyperparameter's root or square in its place."""
    real = [h.symbol for h in rule.hyper if h.symbol.kind is Kind.REAL]
    for position, let in enumerate(rule.steps):
        for symbol in (s for s in real if s in set(let.value.symbols())):
            for new in (sqrt(symbol), symbol**2):
                for tree in replaced_once(let.value, symbol, new):
                    yield from with_steps(rule, part(let.name, symbol, new), with_value(rule, position, tree))


def _signs_of_zero(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """1 or -1 for the sign of zero, which is 0."""
    for position, let in enumerate(rule.steps):
        for old in dict.fromkeys(n for n in let.value.walk() if n.op == "sign"):
            for new in (where(old.args[0] >= 0, 1, -1), where(old.args[0] > 0, 1, -1)):
                for tree in replaced_once(let.value, old, new):
                    yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))


def _counts(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """The count of updates stops, or counts in twos."""
    if rule.uses_step:
        for n in STUCK_AT:
            yield from with_steps(rule, Change(Changed.STOPS_AT, number=n), throughout(rule, {"t": minimum(t, n)}))
        yield from with_steps(rule, part(Scope.EVERYWHERE, t, 2 * t), throughout(rule, {"t": 2 * t}))


def _left_out(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """An assignment that is not made: a state that never changes, an intermediate value that is skipped; or made too late."""
    states = {s.name: s.symbol for s in rule.state}
    for position, let in enumerate(rule.steps):
        rest = (*rule.steps[:position], *rule.steps[position + 1 :])
        if let.name in states:
            yield from with_steps(rule, Change(Changed.NEVER_UPDATED, let.name), with_value(rule, position, let.symbol))
            yield from with_steps(rule, Change(Changed.UPDATED_LATE, let.name), (*rest, let))
        elif let.name != "theta":
            known = [s for s in dict.fromkeys(let.value.symbols()) if s.extent == ELEMENT]
            for s in known:
                steps = (*rule.steps[:position], Let(let.symbol, s), *rule.steps[position + 1 :])
                yield from with_steps(rule, part(let.name, let.value, s), steps)
    before = {name: tensor(f"{name}_before", f"{s.letter}_{{t-1}}", sign=s.sign) for name, s in states.items()}
    for name, old in before.items():
        late = [Let(old, states[name])]
        assigned = False
        for let in rule.steps:
            late.append(Let(let.symbol, substitute(let.value, {name: old}) if assigned else let.value, let.comment))
            assigned = assigned or let.name == name
        yield from with_steps(rule, previous(Scope.AFTER_ITS_UPDATE, states[name], name), tuple(late))


def _whole_updates(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """Updates that are made twice, that skip elements without a gradient, or that see a clipped one."""
    kept = {"theta", *rule.state_names}
    yield from with_steps(rule, Change(Changed.MADE_TWICE), (*rule.steps, *rule.steps))
    moves = absolute(g) > 0
    skipping = tuple(Let(s.symbol, where(moves, s.value, s.symbol), s.comment) if s.name in kept else s for s in rule.steps)
    yield from with_steps(rule, Change(Changed.SKIPPED_AT_ZERO), skipping)
    if "clip" not in rule.hyper_names:
        once = tuple(Let(s.symbol, substitute(s.value, {"clip": literal(1)}), s.comment) for s in clipped(rule).steps)
        yield from with_steps(rule, Change(Changed.CLIPPED, "g", value="1"), once)


def _kept_otherwise(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """A state that starts as the gradient (or its square) itself, or is a weighted mean where it should be a sum; an
    intermediate value that is kept as the state."""
    states = {s.name: s.symbol for s in rule.state if not s.constant}
    for position, let in enumerate(rule.steps):
        if let.name in states:
            for first in (g, g**2):
                value = where(equal(t, 1), first, let.value)
                yield from with_steps(rule, Change(Changed.FIRST_VALUE, let.name, after=first), with_value(rule, position, value))
            old, new = let.value.args if let.value.op == "add" else (let.value, let.value)
            if old.op == "mul" and old.args[0].is_scalar and old.args[1] == let.symbol:
                mean = operation("add", old, (1 - old.args[0]) * new)
                yield from with_steps(rule, part(let.name, new, (1 - old.args[0]) * new), with_value(rule, position, mean))
        elif let.name != "theta" and let.symbol.extent == ELEMENT:
            for name, state in states.items():
                yield from with_steps(rule, Change(Changed.KEPT_IN_ITS_PLACE, name, let.symbol), (*rule.steps, Let(state, let.symbol)))
