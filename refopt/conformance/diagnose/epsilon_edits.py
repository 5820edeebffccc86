"""Edits of a small number against a division by zero: where it stands, and whether it is added, bounds from below, or only replaces a 0."""

from __future__ import annotations

from collections.abc import Iterator

from refopt.golden.change import Change, part
from refopt.golden.mutants import with_steps, with_value
from refopt.golden.tree_mutations import everywhere, replaced_once
from refopt.language.expression import Expression, Kind, equal, maximum, sqrt, theta, where
from refopt.language.rule import Let, Rule

Found = Iterator[tuple[Change, Rule]]


def epsilons_elsewhere(rule: Rule) -> Found:
    """A small number that bounds from below and is not added, that is added to a reciprocal, or somewhere else."""
    for position, let in enumerate(rule.steps):
        for old, new, tree in everywhere(let.value, _bounded_below):
            yield from with_steps(rule, part(let.name, old, new), with_value(rule, position, tree))
        for whole in (p for p in let.value.walk() if p.op == "add" and not p.is_scalar):
            small = next((a for a in whole.args if a.is_scalar and a.op == "symbol"), None)
            if small is None:
                continue
            bare = next(a for a in whole.args if a != small)
            yield from _bounded_moments(rule, rule.steps, small)
            for without in replaced_once(let.value, whole, bare):
                rest, change = with_value(rule, position, without), part(let.name, whole, bare)
                yield from _put(rule, rest, small, change)
                yield from _bounded_moments(rule, rest, small, change)
            yield from _put(rule, rule.steps, small)


def _bounded_below(node: Expression) -> Iterator[Expression]:
    """A sum with a small number as that number's bound from below, or only where the rest is 0; of a root, the same inside it. Or the reverse."""
    if node.op == "max" and not node.is_scalar:
        for rest, small in (node.args, node.args[::-1]):
            if small.is_scalar and small.op == "symbol" and not rest.is_scalar:
                yield rest + small
                if rest.op == "sqrt":
                    yield from (sqrt(rest.args[0] + small), sqrt(maximum(rest.args[0], small)))
    if node.op == "add" and not node.is_scalar:
        for rest, small in (node.args, node.args[::-1]):
            if small.is_scalar and small.op == "symbol" and not rest.is_scalar:
                yield maximum(rest, small)
                yield _only_at_zero(rest, small)
                if rest.op == "sqrt":
                    yield from (sqrt(maximum(rest.args[0], small)), sqrt(maximum(rest.args[0], small)) + small, sqrt(_only_at_zero(rest.args[0], small)))
    if node.op == "div" and node.args[1].op == "add" and not node.args[1].is_scalar:
        b, c = node.args[1].args
        yield node.args[0] * (1 / b + c)
        yield where(equal(b, 0), 0, node.args[0] / b)


def _only_at_zero(value: Expression, small: Expression) -> Expression:
    return where(equal(value, 0), small, value)


def _bounded_moments(rule: Rule, steps: tuple[Let, ...], small: Expression, besides: Change | None = None) -> Found:
    """A state of squares that is kept no smaller than a small number."""
    squares = {s.name for s in rule.state if s.symbol.sign == "nonnegative" and not s.constant}
    for position, let in enumerate(steps):
        if let.name in squares:
            bounded = maximum(let.value, small)
            yield from _changed(rule, steps, position, bounded, part(let.name, let.value, bounded), besides)


def _put(rule: Rule, steps: tuple[Let, ...], small: Expression, instead: Change | None = None) -> Found:
    """A scalar added to one part of one of the assignments, roots included; `instead` of another change."""

    def added(node: Expression) -> Iterator[Expression]:
        if not node.is_scalar and node.kind is Kind.REAL and node != theta:
            yield node + small

    for position, let in enumerate(steps):
        for old, new, tree in everywhere(let.value, added):
            yield from _changed(rule, steps, position, tree, part(let.name, old, new), instead)


def _changed(rule: Rule, steps: tuple[Let, ...], position: int, value: Expression, change: Change, besides: Change | None) -> Found:
    """The rule with these steps and another value in one of them; `besides` another change that was made in them."""
    let = steps[position]
    edited = (*steps[:position], Let(let.symbol, value, let.comment), *steps[position + 1 :])
    yield from with_steps(rule, change if besides is None else besides.and_also(change), edited)
