"""A state that is kept in a narrower format: judged by what was really stored.

Each stored number must be one of the format and lie within the bound plus half its step; theta may follow from the
numbers before or after they were stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.stepwise import Judged, stepwise
from refopt.conformance.judge.updates import Update
from refopt.conformance.protocol.implementation import View
from refopt.language.rule import Rule
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import Format


def stepwise_stored(model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> list[Judged]:
    """Judge updates of a model whose state, or some of it, is kept in `model.stored_in`."""
    assert model.stored_in is not None
    plain = replace(model, stored_in=None)
    follows = replace(plain, rule=given(model.rule))
    judged = []
    for j, after in zip(stepwise(plain, found, hypers, views, f), _from_stored(follows, found, hypers, views, f), strict=True):
        if j.update.g is None:
            judged.append(j)
            continue
        names = [n for n in j.theirs if n != "theta" and (n in model.stored or not model.stored)]
        ratio = {n: stored_ratio(j.theirs[n], j.exact[n], j.allowed[n], model.stored_in) for n in names}
        lost = np.any([_overflows(j.theirs[n], j.exact[n], model.stored_in) for n in names], axis=0)
        theta = np.where(lost, np.nan, np.fmin(j.ratio["theta"], after))
        judged.append(replace(j, ratio={**j.ratio, "theta": theta, **ratio}))
    return judged


def _overflows(theirs: Sequence[Any], exact: Sequence[Any], narrow: Format) -> Any:
    """Mask of the numbers that were too large to be stored: theta may be anything then."""
    return np.array([not is_finite(x) and y is not None and abs(fraction(y)) > narrow.largest for x, y in zip(theirs, exact, strict=True)], dtype=bool)


def _from_stored(model: Model, found: Sequence[Update], hypers: Sequence[Hyper], views: Mapping[str, View], f: Format) -> list[Any]:
    """error/bound of theta if it follows from the stored state."""
    computed = [views[s.name] for s in model.rule.state if not s.constant and s.name in views]
    old, by_rate = {"theta", *(v.buffer for v in computed)}, any(v.times_lr for v in computed)
    moved = [
        replace(u, before={**u.before, **{n: x for n, x in u.after.items() if n not in old}}, lr_before=u.lr_before if by_rate else u.lr) for u in found
    ]
    return [j.ratio["theta"] for j in stepwise(model, moved, hypers, views, f)]


def given(rule: Rule) -> Rule:
    """The rule whose state variables are what they have become: they are not updated any more, the rest follows from them.

    One that something else reads before its update stays as it was: from what it has become another formula would follow.
    """
    states = set(rule.state_names) - _read_before_their_update(rule)
    steps = tuple(let for let in rule.steps if let.name not in states)
    return replace(rule, steps=steps, state=tuple(replace(s, constant=s.constant or s.name in states) for s in rule.state))


def _read_before_their_update(rule: Rule) -> set[str]:
    """The state variables whose value from the update before goes into something else than states that have become what they are."""
    states, read = set(rule.state_names), set[str]()
    for _ in rule.state:  # what one of them is made of may be another
        waiting = {let.name for let in rule.steps if let.name in states}
        for let in rule.steps:
            if let.name not in states - read:
                read |= waiting & let.value.symbol_names
            waiting.discard(let.name)
    return read


def stored_ratio(theirs: Sequence[Any], exact: Sequence[Any], allowed: ErrorBounds, narrow: Format) -> Any:
    """error/bound of numbers that were rounded to `narrow` when they were stored; infinite for one that is none of its numbers."""
    result = np.full(len(theirs), np.nan)
    for i, (x, y, radius) in enumerate(zip(theirs, exact, allowed.exact(), strict=True)):
        if y is None or radius is None or not is_finite(x):
            continue
        error, size = abs(fraction(x) - fraction(y)), abs(fraction(y))
        room = radius + narrow.u * (size + radius) + narrow.smallest_subnormal / 2
        result[i] = float(error / room) if narrow.represents(fraction(x)) else np.inf
    return result
