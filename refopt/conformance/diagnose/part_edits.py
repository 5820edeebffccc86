"""Edits of a part of the elements or updates: tried where a fault holds only somewhere, or only at times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain

from refopt.catalogue import variants
from refopt.conformance.diagnose.code_edits import code_edits
from refopt.conformance.diagnose.compound_edits import rule_slips
from refopt.conformance.diagnose.edits import Edit, edits
from refopt.errors import RefoptError
from refopt.golden.change import Change
from refopt.golden.change import Kind as Changed
from refopt.language.expression import theta
from refopt.language.rule import Let, Rule


def part_edits(rule: Rule) -> Iterator[Edit]:
    """Edits of a part, those that a part alone can have first: it is left out, its state starts anew; then variants, then every edit and slip."""
    yield from _of_parts(rule)
    others = [v for v in variants(rule.family) if v != rule and set(v.hyper_names) <= set(rule.hyper_names)]
    yield from (Edit(Change(Changed.OTHER_VARIANT, names=(v.name,)), v, rule.name) for v in others)
    yield from chain(edits(rule), rule_slips(rule), code_edits(rule))


@cache
def _of_parts(rule: Rule) -> tuple[Edit, ...]:
    return tuple(Edit(change, edited, rule.name) for change, steps in _parts(rule) if (edited := _made(rule, steps)) is not None)


def _made(rule: Rule, steps: tuple[Let, ...]) -> Rule | None:
    try:
        return replace(rule, steps=steps)
    except RefoptError:
        return None


def _parts(rule: Rule) -> Iterator[tuple[Change, tuple[Let, ...]]]:
    states = [s for s in rule.state if not s.constant]
    kept = tuple(let for let in rule.steps if let.name != "theta")
    yield Change(Changed.NOT_UPDATED, "theta"), (*kept, Let(theta, theta))
    if not states:
        return
    yield Change(Changed.NOTHING_UPDATED), (*(Let(s.symbol, s.symbol) for s in states), Let(theta, theta))
    anew = tuple(Let(s.symbol, s.initial) for s in states)
    for s, start in zip(states, anew, strict=True):
        yield Change(Changed.STARTS_ANEW, names=(s.name,)), (start, *rule.steps)
    if len(states) > 1:
        yield Change(Changed.STARTS_ANEW, names=tuple(s.name for s in states)), (*anew, *rule.steps)
