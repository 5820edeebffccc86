"""One slip of a whole formula: what is tried when no edit of `edits` explains an implementation.

The slips of its trees come first; then assignments that are moved or made twice, values of the step before, a
hyperparameter that is multiplied or divided by another throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, permutations

from refopt.conformance.diagnose.edits import Edit, edits, in_context, throughout
from refopt.golden.change import Change, Scope, part, previous
from refopt.golden.change import Kind as Changed
from refopt.golden.compound_edits import complemented, divisors, slips
from refopt.golden.mutants import new_formulas, with_steps, with_value
from refopt.golden.tree_mutations import replaced_once
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind, g, operation, t, tensor
from refopt.language.extent import ELEMENT
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule


@cache
def rule_slips(rule: Rule) -> tuple[Edit, ...]:
    """Every slip of a rule that is no edit of it, each formula once."""
    return in_context(rule, _every(rule), (e.rule for e in edits(rule)))


@cache
def schedule_slips(schedule: Schedule) -> tuple[tuple[Change, Schedule], ...]:
    """Every slip of a schedule's rate, each formula once: the edit, and the schedule."""
    bare, real = replace(schedule, recursion=None), _real(schedule)
    if schedule.waits:
        factors = [*real, *(1 - h for h in real)]
        steps = ((part(let.name, old, new), i, tree) for i, let in enumerate(bare.steps) for old, new, tree in slips(let.value, factors))
        return tuple(new_formulas(bare, ((change, replace(bare, steps=with_value(bare, i, tree))) for change, i, tree in steps)))
    of_tree = ((part(Scope.RATE, old, new), replace(bare, rate=rate)) for old, new, rate in slips(bare.rate, [*real, *(1 - h for h in real)]))
    everywhere = ((change, replace(bare, rate=substitute(bare.rate, values))) for change, values in _multiples(real))
    return tuple(new_formulas(bare, chain(of_tree, everywhere)))


def _every(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    yield from _of_trees(rule)
    yield from _complements(rule)
    yield from _moved(rule)
    yield from _other_values(rule)
    for change, values in _multiples(_real(rule)):
        yield from with_steps(rule, change, throughout(rule, values))


def _real(concept: Rule | Schedule) -> list[Expression]:
    return [h.symbol for h in concept.hyper if h.symbol.kind is Kind.REAL and not h.is_list]


def _of_trees(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """A slip of one assignment's tree. A factor may be a hyperparameter, 1 less it, the count, or what the assignment divides by."""
    real = _real(rule)
    for position, let in enumerate(rule.steps):
        factors = [*real, *(1 - h for h in real), *divisors(let.value), *((t,) if rule.uses_step else ())]
        for old, new, value in slips(let.value, list(dict.fromkeys(factors))):
            yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, value))


def _complements(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """h and 1 - h exchanged, in one assignment or in all."""
    for h in _real(rule):
        for position, let in enumerate(rule.steps):
            yield from with_steps(rule, Change(Changed.COMPLEMENT, let.name, names=(str(h.name),)), with_value(rule, position, complemented(let.value, h)))
        everywhere = tuple(Let(s.symbol, complemented(s.value, h), s.comment) for s in rule.steps)
        yield from with_steps(rule, Change(Changed.COMPLEMENT, names=(str(h.name),)), everywhere)


def _moved(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """An assignment made later than it should be, or twice."""
    steps = rule.steps
    for i, let in enumerate(steps):
        for j in range(i + 1, len(steps)):
            later = Change(Changed.ASSIGNED_AFTER, let.name, names=(steps[j].name,))
            yield from with_steps(rule, later, (*steps[:i], *steps[i + 1 : j + 1], let, *steps[j + 1 :]))
        yield from with_steps(rule, Change(Changed.ASSIGNED_TWICE, let.name), (*steps[:i], let, *steps[i:]))
    found = terms(steps[-1].value)
    if len(found) > 1:  # theta's update in two: a term of it sees what the others have left
        for n, (op, term) in enumerate(found):
            rest = steps[-1].value.args[0] if n == len(found) - 1 else _without(steps[-1].value, term)
            split = (*steps[:-1], Let(steps[-1].symbol, rest), Let(steps[-1].symbol, operation(op, steps[-1].symbol, term)))
            yield from with_steps(rule, Change(Changed.PUT_TO_NEW, "theta", term), split)


def terms(value: Expression) -> list[tuple[str, Expression]]:
    """The terms of a sum, with their operations, but for the first."""
    found: list[tuple[str, Expression]] = []
    while value.op in ("add", "sub"):
        found.insert(0, (value.op, value.args[1]))
        value = value.args[0]
    return found


def _without(value: Expression, term: Expression) -> Expression:
    if value.args[1] == term:
        return value.args[0]
    return operation(value.op, _without(value.args[0], term), value.args[1])


def _other_values(rule: Rule) -> Iterator[tuple[Change, Rule]]:
    """The gradient's square, or a state of the step before, in place of an element's value at one place."""
    before = {s.name: tensor(f"{s.name}_before", f"{s.symbol.letter}_{{t-1}}", sign=s.symbol.sign) for s in rule.state}
    for position, let in enumerate(rule.steps):
        for old in (s for s in dict.fromkeys(let.value.symbols()) if s.extent == ELEMENT):
            for tree in replaced_once(let.value, old, g**2):
                yield from with_steps(rule, part(let.name, old, g**2), with_value(rule, position, tree))
            for state in rule.state:
                for tree in replaced_once(let.value, old, before[state.name]):
                    steps = (Let(before[state.name], state.symbol), *with_value(rule, position, tree))
                    yield from with_steps(rule, previous(let.name, old, state.name), steps)


def _multiples(real: Sequence[Expression]) -> Iterator[tuple[Change, dict[str, Expression]]]:
    """A hyperparameter that is multiplied or divided by another wherever it stands."""
    for h, other in permutations(real, 2):
        for several in (h * other, h / other):
            yield part(Scope.EVERYWHERE, h, several), {str(h.name): several}
