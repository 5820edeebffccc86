"""Mutants: rules and schedules with exactly one edit, made mechanically from the tree, as people make them by mistake.

The edits of a tree are those of `edits`. Of a rule besides: a previous state is used for the current one, an initial
value is changed, a further input is taken for the gradient, without its sign, or a step late. Of a schedule: the tree
is that of its rate, a hyperparameter may be ignored; a mutant has no recursion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from refopt.errors import RefoptError
from refopt.golden.change import Change, Scope, part, previous
from refopt.golden.change import Kind as Changed
from refopt.golden.description import Description
from refopt.golden.tree_mutations import at_default, edits, exchanges, hard_coded, replaced_once, shifts
from refopt.language.compose import put_in, substitute
from refopt.language.expression import Expression, Kind, absolute, g, k, t, tensor
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, State
from refopt.language.schedule import Schedule

Concept = TypeVar("Concept", Rule, Schedule)
Described = TypeVar("Described", bound=Description)


@dataclass(frozen=True)
class Mutant:
    """A rule with one edit: `id` is stable, `edit` says what was changed."""

    id: str
    edit: Change
    rule: Rule


@dataclass(frozen=True)
class ScheduleMutant:
    """A schedule with one edit of its rate."""

    id: str
    edit: Change
    schedule: Schedule


def mutants(rule: Rule) -> tuple[Mutant, ...]:
    """All mutants of a rule, in the order of its formula; no two of them are the same formula, none is the rule."""
    return tuple(Mutant(_id(rule, n), edit, edited) for n, (edit, edited) in enumerate(new_formulas(rule, _edits(rule)), start=1))


def schedule_mutants(schedule: Schedule) -> tuple[ScheduleMutant, ...]:
    """All mutants of a schedule, in the order of its formula; no two of them are the same formula, none is the schedule."""
    bare = replace(schedule, recursion=None)
    return tuple(ScheduleMutant(_id(bare, n), edit, edited) for n, (edit, edited) in enumerate(new_formulas(bare, _rate_edits(bare)), start=1))


def _id(concept: Rule | Schedule, number: int) -> str:
    return f"{concept.name.replace('/', '.')}-m{number:03d}"


def new_formulas(concept: Concept, found: Iterable[tuple[Described, Concept]], known: Iterable[Concept] = ()) -> Iterator[tuple[Described, Concept]]:
    """The edits that give a formula that was not there before: neither the concept's own, nor a known one, nor an earlier edit's."""
    seen = {formula(concept), *map(formula, known)}
    for edit, edited in found:
        key = formula(edited)
        if key not in seen:
            seen.add(key)
            yield edit, edited


def formula(concept: Rule | Schedule) -> str:
    """Canonical text of a rule or schedule without its name."""
    return "\n".join(concept.canonical().splitlines()[1:])


def _edits(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    hyper = [h.symbol for h in rule.hyper]
    for position, let in enumerate(rule.steps):
        for old, new, value in edits(let.value, hyper):
            yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, value))
    yield from _previous_for_current(rule)
    for edit, values in (*(shifts([t]) if rule.uses_step else ()), *exchanges(hyper)):
        yield from with_steps(rule, edit, put_in(rule.steps, values))
    yield from _inputs_misread(rule)
    for i, state in enumerate(rule.state):
        changed = replace(state, init=1 if state.initial.value == 0 else 0)
        yield Change(Changed.STARTS_AT, state.name, value=str(changed.init)), replace(rule, state=(*rule.state[:i], changed, *rule.state[i + 1 :]))


def _inputs_misread(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """A further input is taken for the gradient, without its sign, or a step late."""
    for one in rule.inputs:
        for new in (g, absolute(one.symbol)):
            for position, let in enumerate(rule.steps):
                for tree in replaced_once(let.value, one.symbol, new):
                    yield from with_steps(rule, part(let.name, one.symbol, new), with_value(rule, position, tree))
        kept = tensor(f"{one.name}_before", f"{one.symbol.letter}_{{t-1}}", sign=one.symbol.sign)
        late = (*put_in(rule.steps, {one.name: kept}), Let(kept, one.symbol))
        yield previous(Scope.EVERYWHERE, one.symbol, one.name), replace(rule, state=(*rule.state, State(kept, 0)), steps=late)


def _rate_edits(schedule: Schedule) -> Iterator[tuple[Change, Schedule]]:
    hyper = [h.symbol for h in schedule.hyper if h.role is not Role.METRIC]
    for position, let in enumerate(schedule.steps):
        for old, new, value in edits(let.value, hyper):
            yield part(let.name, old, new), replace(schedule, steps=with_value(schedule, position, value))
    for old, new, rate in edits(schedule.rate, hyper):
        yield part(Scope.RATE, old, new), replace(schedule, rate=rate)
    used = {str(s.name) for let in schedule.lets for s in let.value.symbols()}
    counts = [x for x in (k, *hyper) if x.kind is Kind.INTEGER and x.name in used]
    for edit, values in (*shifts(counts), *exchanges(hyper), *hard_coded(schedule.hyper)):
        yield edit, replace(schedule, rate=substitute(schedule.rate, values), steps=put_in(schedule.steps, values))
    for h in (h for h in schedule.hyper if h.is_list and h.role is not Role.METRIC):
        yield Change(Changed.ALWAYS_DEFAULT, h.name, value=h.default), replace(schedule, rate=at_default(schedule.rate, h))


def with_value(rule: Rule | Schedule, position: int, value: Expression) -> tuple[Let, ...]:
    """The assignments with another value in one of them."""
    let = rule.steps[position]
    return (*rule.steps[:position], Let(let.symbol, value, let.comment), *rule.steps[position + 1 :])


def with_steps(rule: Rule, edit: Described, steps: tuple[Let, ...]) -> Iterator[tuple[Described, Rule]]:
    """The edited rule, unless the edit makes no rule at all (an integer exponent that is none, say)."""
    try:
        yield edit, replace(rule, steps=steps)
    except RefoptError:
        return


def _previous_for_current(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """A state's value before the update, in place of its new value, at one place."""
    assigned: set[str] = set()
    for position, let in enumerate(rule.steps):
        for state in rule.state:
            if state.name not in assigned:
                continue
            old = tensor(f"{state.name}_before", f"{state.symbol.letter}_{{t-1}}", sign=state.symbol.sign)
            for tree in replaced_once(let.value, state.symbol, old):
                steps = (Let(old, state.symbol), *rule.steps[:position], Let(let.symbol, tree), *rule.steps[position + 1 :])
                yield from with_steps(rule, previous(let.name, state.symbol, state.name), steps)
        assigned.add(let.name)
