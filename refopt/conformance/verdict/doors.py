"""Judging the doors of a schedule: behind each the rates are to be those of the formula that explains the cases."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.search_schedule import AMPLIFYING, BOTH, NARROW, judged_in
from refopt.conformance.judge.summary import CaseResult
from refopt.conformance.protocol.door import Door, HasDoors
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.entered import Entered
from refopt.conformance.verdict.format_verdict import Finding
from refopt.exact.digits import shortest
from refopt.golden.description import Name
from refopt.golden.model import Case

Asked = Sequence[tuple[Case, Mapping[str, Sent]]]
"""The cases that were answered, with the hyperparameters as they were sent."""


def entered(implementation: HasDoors, attempt: Attempt, asked: Asked, settings: Mapping[str, Any], tell: Callable[[Name], None]) -> tuple[Entered, ...]:
    """The findings behind all doors, beside the schedule of an attempt that explains the rates of all cases."""
    found = []
    for door in implementation.doors:
        answers = []
        for case, sent in asked:
            tell(case.id)
            answers.append((case, implementation.through(door, sent, case.steps)))
        ways = max((len(a) for _, a in answers), default=0)
        by_way = [[(c, a[way if way < len(a) else 0]) for c, a in answers] for way in range(ways)]
        seen = [_way(door, x, way, settings) for x in _as_precise_as_may_be(attempt) for way in by_way]
        if any(x.cases for x in seen):  # the last are the least precise: what fails there is another rate
            found.append(next((x for x in seen if x.fits), replace(min(seen[-ways:], key=_off), cause=None)))
    return tuple(found)


def _way(door: Door, attempt: Attempt, answers: Sequence[tuple[Case, Any]], settings: Mapping[str, Any]) -> Entered:
    """The finding behind a door, its meaning being understood in one way."""
    either, seen = door is Door.BY_EPOCH, [(_at(case, a), a.values) for case, a in answers if isinstance(a, Rates)]
    results: list[CaseResult] = [judged_in(attempt, case, values, settings, either=either) for case, values in seen]
    raised = [(case.id, a.message) for case, a in answers if isinstance(a, NoAnswer)]
    wrong = [d for r in results for d in (r.first,) if d is not None]
    first = min(wrong, key=lambda d: math.isfinite(d.theirs), default=None)  # what is no number before what is another one
    ratio = max((r.ratio for r in results if r.ratio is not None), default=None)
    return Entered(door, len(results) + len(raised), ratio, first, next(iter(raised), None), attempt.cause)


def _at(case: Case, rates: Rates) -> Case:
    """The case with the values that are others behind a door."""
    return replace(case, hyper={**case.hyper, **{n: shortest(x) for n, x in rates.others.items()}}) if rates.others else case


def _as_precise_as_may_be(attempt: Attempt) -> tuple[Attempt, ...]:
    """The attempt as it explained the cases, then with each cause of less precise rates: a framework may form them in float32 behind a door."""
    return (attempt, *(replace(attempt, cause=cause) for cause in (AMPLIFYING, NARROW, BOTH) if cause != attempt.cause))


def _off(x: Entered) -> float:
    return math.inf if x.ratio is None else x.ratio


def with_doors(finding: Finding, found: tuple[Entered, ...]) -> Finding:
    """The finding with what is behind the doors: one that leads to other rates is a deviation, whatever the formula is."""
    if all(x.fits for x in found):
        return replace(finding, doors=found)
    diagnosis = replace(finding.diagnosis, matches=(), nearest=" or ".join(finding.diagnosis.matches))
    return replace(finding, verdict=Conformance.DEVIATES, diagnosis=diagnosis, doors=found)
