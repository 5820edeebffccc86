"""A variable under the rule's name is shown and loaded: one that has no effect when it is loaded is a view, and should say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.resume.cut import Cut
from refopt.conformance.judge.resume.loss import Ignored, Loss
from refopt.conformance.judge.resume.replay import Start, apart, follow, start
from refopt.conformance.protocol.implementation import Implementation, Ran

FEW = 4
"""Runs in which the exact continuations are compared."""


def ignored(implementation: Implementation, found: Sequence[Cut], model: Model | None, evidence: Evidence) -> Iterator[Loss]:
    """Variables of dicts that hold more than the rule's: they are doubled in what was saved, and theta must follow."""
    names = evidence.reference.state_names
    with_more = [c for c in found if c.saved.extras(names)]
    if model is None or not with_more:
        return
    numbers = {o.case.id: i for i, o in enumerate(evidence.observations)}
    hypers = [evidence.hypers(model.rule)[numbers[c.observation.case.id]] for c in with_more]
    unheard = []
    for name in names:
        shown = [(c, h) for c, h in zip(with_more, hypers, strict=True) if name in model.rule.state_names and any(name in n for n in c.saved.names)]
        if shown and all(_unmoved(implementation, name, c) for c, _ in shown) and _matters(name, shown[:FEW], model, evidence):
            unheard.append(name)
    if unheard:
        yield Loss(Ignored(tuple(unheard)), with_more[0].observation.case.id, with_more[0].at)


def _matters(name: str, cuts: Sequence[tuple[Cut, Hyper]], model: Model, evidence: Evidence) -> bool:
    """True where theta is another one by the formula, by more than rounding, where the variable is doubled."""
    views, f = evidence.views(model.rule), evidence.format
    plain: list[tuple[Start, Hyper]] = []
    for cut, hyper in cuts:
        rest = Ran(cut.middle, cut.uninterrupted.after[cut.at :])
        of_it = [start(cut, p, rest, model, hyper, views, f) for p in range(len(cut.middle.theta))]
        plain += [(replace(s, theirs=[{"theta": row["theta"]} for row in s.theirs]), hyper) for s in of_it if s is not None and name in s.values]
    doubled = [(replace(s, values={**s.values, name: [2 * x for x in s.values[name]]}), hyper) for s, hyper in plain]
    made = follow([(None, s, hyper) for s, hyper in (*plain, *doubled)], model, f)
    return any(apart(s, made[i], made[len(plain) + i]).any() for i, (s, _) in enumerate(plain))


def _unmoved(implementation: Implementation, name: str, cut: Cut) -> bool:
    """True where theta has the same bits all the same."""
    answer = implementation.run(replace(cut.rest, load=cut.saved.changed({name: _doubled})))
    if not isinstance(answer, Ran):
        return False
    pairs = zip(answer.after, cut.uninterrupted.after[cut.at :], strict=True)
    return all(x.tobytes() == y.tobytes() for a, b in pairs for x, y in zip(a.theta, b.theta, strict=True))


def _doubled(x: Any) -> Any:
    return np.asarray(x + x) if isinstance(x, np.ndarray) else x
