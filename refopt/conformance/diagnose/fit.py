"""From judged updates to how a formula fits: results by case, an attempt, counts of what decides, and the updates that speak most clearly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.deciding import Deciding, deciding
from refopt.conformance.judge.edge_case_policy import by_class, lenient, other_class, other_outcome
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.summary import CaseResult, summarise
from refopt.golden.description import Description
from refopt.golden.model import Result, followed

FEW, SAMPLE = 4, 16
"""Updates that a formula must explain before more, and then all of them, are looked at."""


def attempt(evidence: Evidence, model: Model, sample: Sequence[int] = (), cause: Description | None = None, *, stop: bool = False) -> Attempt:
    """Fit of a model. A sample of updates, those that speak most clearly, may be enough to rule it out; `stop`: judge the sample only."""
    evidence.budget.check()
    results: tuple[CaseResult, ...] = ()
    for chosen in (sample[:FEW], sample) if len(sample) > FEW else (sample,) if sample else ():
        results = summary(evidence, evidence.judge(model, chosen))
        if any(not r.fits for r in results):
            return Attempt(model, results, False, cause)
    if stop:
        return Attempt(model, results, False, cause)
    return Attempt(model, summary(evidence, evidence.judge(model)), True, cause)


def with_outcomes(evidence: Evidence, attempt: Attempt) -> Attempt:
    """The attempt with a failure wherever theta's class is not the outcome that a case lists."""
    if not any(o.case.outcome is not None and other_outcome(o) for o in evidence.observations):
        return attempt
    assert isinstance(attempt.model, Model)
    return replace(attempt, results=summary(evidence, evidence.judge(attempt.model), outcomes=True))


def summary(evidence: Evidence, judged: Sequence[Judged], *, outcomes: bool = False) -> tuple[CaseResult, ...]:
    """Result of each case that was judged. `outcomes`: where a case lists a class, theta must be of it."""
    by_case: dict[int, list[Judged]] = {}
    for j in judged:
        by_case.setdefault(j.update.case, []).append(j)
    results = []
    for i, found in sorted(by_case.items()):
        case = evidence.observations[i].case
        masks = [lenient(j, evidence.format) for j in found] if case.result == Result.MAY else None
        if outcomes and masks is not None:
            masks = [mask & ~other_class(j, case) for mask, j in zip(masks, found, strict=True)]
            found = [by_class(j, case) for j in found]
        results.append(summarise(case.id, found, first_t=1, lenient=masks))
    return tuple(results)


def counted(evidence: Evidence, judged: Sequence[Judged]) -> Deciding:
    """Counts of the claims about theta that decide, in the cases that must come out one way."""
    must = {i for i, _ in evidence.certain}
    certain = {i: i in must for i in range(len(evidence.observations))}
    if evidence.mode != Mode.CLOSED_LOOP:
        return deciding(judged, certain)
    asked = [(i, o.request) for i, o in enumerate(evidence.observations) if o.request is not None]
    return deciding(judged, certain, {(i, p): x.astype(np.float64).ravel() for i, r in asked for p, x in enumerate(r.theta0)})


def sample(evidence: Evidence, judged: Sequence[Judged]) -> list[int]:
    """The updates that speak most clearly against a formula: the worst of each failing case first, then the worst of all.

    Cases that may go either way speak only where no other does.
    """
    worst: list[tuple[float, int, int]] = []
    certain = any(o.case.result == Result.MUST for o in evidence.observations)
    number = {(u.case, u.step, u.parameter): i for i, u in enumerate(evidence.updates)}
    for j in judged:
        ratios = [float(np.nanmax(r)) for r in j.ratio.values() if not np.isnan(r).all()]
        if ratios and max(ratios) > 1 and (evidence.observations[j.update.case].case.result == Result.MUST or not certain):
            worst.append((max(ratios), j.update.case, number[j.update.case, j.update.step, j.update.parameter]))
    worst.sort(key=lambda w: -w[0])
    first: dict[int, int] = {}
    for _, case, i in worst:
        first.setdefault(case, i)
    return [*first.values(), *(i for _, _, i in worst if i not in set(first.values()))][:SAMPLE]


def fails_late_only(evidence: Evidence, judged: Sequence[Judged]) -> bool:
    """True where what fails are updates of long runs alone, after those that every formula is compared with: no other formula need be tried."""
    failing = [j for j in judged if any((r > 1).any() for r in j.ratio.values())]
    late = [j for j in failing if j.update.t >= evidence.observations[j.update.case].case.t0 + followed(evidence.observations[j.update.case].case)]
    return evidence.mode == Mode.OPEN_LOOP and bool(failing) and len(late) == len(failing)
