"""One mistake in two places: the same edit in two assignments, or throughout one, every beta given as 1 - beta, all new states left in local variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, combinations

from refopt.conformance.diagnose.edits import Edit, throughout
from refopt.golden.change import Change, part
from refopt.golden.change import Kind as Changed
from refopt.golden.compound_edits import parentheses
from refopt.golden.description import Description, Several
from refopt.golden.mutants import new_formulas, with_steps
from refopt.golden.tree_mutations import Edit as TreeEdit
from refopt.golden.tree_mutations import edits as tree_edits
from refopt.language.expression import Expression, Kind, literal, operation, tensor
from refopt.language.rule import Let, Rule

MIRRORED = 2
"""Hyperparameters that stand beside 1 less themselves: so many, at least, are exchanged together."""


@cache
def twofold_edits(rule: Rule) -> tuple[Edit, ...]:
    """Every such edit of a rule, each formula once."""
    return tuple(Edit(change, edited, rule.name) for change, edited in new_formulas(rule, _every(rule)))


def _every(rule: Rule) -> Iterator[tuple[Description, Rule]]:
    yield from _never_stored(rule)
    yield from _complements(rule)
    yield from _in_two_places(rule)
    yield from _throughout_one(rule)


def _never_stored(rule: Rule) -> Iterator[tuple[Description, Rule]]:
    """States whose new values are used and then forgotten: each by itself, and all of them."""
    states = [s for s in rule.state if not s.constant]
    for chosen in ([states] if len(states) > 1 else []) + [[s] for s in states]:
        old = {s.name: tensor(f"{s.name}_before", f"{s.symbol.letter}_{{t-1}}", sign=s.symbol.sign) for s in chosen}
        steps = (*(Let(old[s.name], s.symbol) for s in chosen), *rule.steps, *(Let(s.symbol, old[s.name]) for s in chosen))
        yield from with_steps(rule, Change(Changed.NEVER_STORED, names=tuple(s.name for s in chosen)), steps)


def _complements(rule: Rule) -> Iterator[tuple[Description, Rule]]:
    """1 - h in the place of h, for all hyperparameters that stand beside 1 - h."""
    mirrored = [h.symbol for h in rule.hyper if h.symbol.kind is Kind.REAL and any(_is_complement(p, h.symbol) for x in rule.steps for p in x.value.walk())]
    if len(mirrored) >= MIRRORED:
        change = Change(Changed.COMPLEMENTS, names=tuple(str(h.name) for h in mirrored))
        yield from with_steps(rule, change, throughout(rule, {str(h.name): 1 - h for h in mirrored}))


def _is_complement(node: Expression, h: Expression) -> bool:
    return node.op == "sub" and node.args == (literal(1), h)


def _in_two_places(rule: Rule) -> Iterator[tuple[Description, Rule]]:
    """The same change of an operation in two assignments."""
    hyper = [h.symbol for h in rule.hyper]
    changes = [{_kind(e, let): e for e in chain(parentheses(let.value), tree_edits(let.value, hyper))} for let in rule.steps]
    for i, j in combinations(range(len(rule.steps)), 2):
        for kind in (k for k in changes[i] if k in changes[j]):
            first, second = changes[i][kind], changes[j][kind]
            steps = list(rule.steps)
            for at, (_, _, tree) in ((i, first), (j, second)):
                steps[at] = Let(steps[at].symbol, tree, steps[at].comment)
            both = Several(tuple(part(rule.steps[at].name, old, new) for at, (old, new, _) in ((i, first), (j, second))))
            yield from with_steps(rule, both, tuple(steps))


def _throughout_one(rule: Rule) -> Iterator[tuple[Description, Rule]]:
    """The same change of an operation wherever one assignment has it."""
    hyper = [h.symbol for h in rule.hyper]
    for i, let in enumerate(rule.steps):
        alike: dict[object, dict[Expression, Expression]] = {}
        for old, new, _ in chain(parentheses(let.value), tree_edits(let.value, hyper)):
            alike.setdefault((old.op, len(old.args), _drawn(new, old)), {}).setdefault(old, new)
        for changed in (c for c in alike.values() if len(c) > 1):
            steps = (*rule.steps[:i], Let(let.symbol, _with_all(let.value, changed), let.comment), *rule.steps[i + 1 :])
            yield from with_steps(rule, Several(tuple(part(let.name, old, new) for old, new in changed.items())), steps)


def _with_all(node: Expression, changed: Mapping[Expression, Expression]) -> Expression:
    """The tree with every part replaced that is to be, the outermost first."""
    if node in changed:
        return changed[node]
    return operation(node.op, *(_with_all(a, changed) for a in node.args), attribute=node.attribute) if node.args else node


def _kind(edit: TreeEdit, let: Let) -> tuple[object, ...]:
    """Kind and place of an edit, whatever the names: equal for the same mistake in assignments that are built alike."""
    old, new, _ = edit
    return old.op, len(old.args), _drawn(new, old), _place(let.value, old)


def _drawn(new: Expression, old: Expression) -> object:
    """The new part by what it takes from the old one."""
    for i, arg in enumerate(old.args):
        if new == arg:
            return i
    return (new.op, *(old.args.index(a) if a in old.args else a.op for a in new.args)) if new.args else new.op


def _place(node: Expression, part: Expression, path: tuple[int, ...] = ()) -> tuple[int, ...] | None:
    if node == part:
        return path
    return next((found for i, a in enumerate(node.args) if (found := _place(a, part, (*path, i))) is not None), None)
