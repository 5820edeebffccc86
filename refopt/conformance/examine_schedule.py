"""Examining a schedule: its rates at the steps of every golden case, in binary64."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.catalogue import schedules
from refopt.conformance.evidence import Attempt
from refopt.conformance.exact_update import fraction, is_finite
from refopt.conformance.explain import TELLS_APART, Explanation
from refopt.conformance.finding import CaseLine, Finding
from refopt.conformance.implementation import NoAnswer, Rates, ScheduleImplementation, Skipped
from refopt.conformance.model import Hyper, ScheduleModel, in_force
from refopt.conformance.summary import CaseResult, Difference, Place
from refopt.exact.run import rates
from refopt.golden.model import Case
from refopt.language.expression import Kind
from refopt.language.schedule import Schedule
from refopt.rounding.formats import FLOAT32, FLOAT64
from refopt.rounding.radius import Radii, ratios
from refopt.rounding.schedule_bound import schedule_radii
from refopt.rounding.wide import from_exact


def examine_schedule(
    implementation: ScheduleImplementation,
    schedule: Schedule,
    cases: Sequence[Case],
    *,
    expected: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Finding:
    """Ask for the rates of every case, and explain them."""
    answers: list[tuple[Case, Rates | Skipped | NoAnswer, float]] = []
    for case in cases:
        tell(case.id)
        began = time.perf_counter()
        answers.append((case, implementation.rates(_sent(schedule, case), case.steps), time.perf_counter() - began))
    answered = [(c, a.values) for c, a, _ in answers if isinstance(a, Rates) and c.result != "reject"]
    explanation = _explain(schedule, answered, implementation.settings, expected) if answered else None
    broken = any(isinstance(a, NoAnswer) and (c.result == "must" or a.broken) for c, a, _ in answers)
    lines = tuple(_line(c, a, elapsed, explanation) for c, a, elapsed in answers)
    if explanation is None:
        reasons = [a.reason for _, a, _ in answers if isinstance(a, Skipped)]
        verdict = "no_answer" if broken else "skipped"
        return Finding("float64", verdict, "schedule", lines=lines, reason=reasons[0] if reasons else "no case was answered")
    names = tuple(a.model.name for a in explanation.found)
    verdict = "no_answer" if broken else "deviates" if not names else "conforms" if names == (schedule.name,) else "variant"
    cause = explanation.found[0].cause if names and not broken else None
    found = Finding("float64", verdict, "schedule", matches=names, also_fits=explanation.also_fits, lines=lines, explanation=explanation)
    return replace(found, precision="full" if cause is None else "reduced", cause=cause)


def _sent(schedule: Schedule, case: Case) -> dict[str, float]:
    kinds = {h.name: h.symbol.kind for h in schedule.hyper}
    return {n: int(x) if kinds.get(n) is Kind.INTEGER else float(x) for n, x in case.hyper.items()}


Answered = Sequence[tuple[Case, Sequence[float]]]


def _explain(schedule: Schedule, answered: Answered, settings: Mapping[str, Any], expected: str | None) -> Explanation:
    reference = _attempt(schedule, answered, settings)
    others = [s for s in schedules(variants=True) if s.family == schedule.family and s.name != schedule.name]
    if reference.fits:
        also = tuple(s.name for s in others if not any(_tells_apart(schedule, s, case, settings) for case, _ in answered))
        return Explanation(reference, (reference,), also_fits=also)
    vain: list[Attempt] = []
    plain: list[tuple[Schedule, str | None]] = [(s, None) for s in others]
    imprecise: list[list[tuple[Schedule, str | None]]] = [[(s, c) for c in SCHEDULE_CAUSES] for s in (schedule, *others)]
    for level in (plain, *imprecise):
        attempts = [_attempt(s, answered, settings, cause) for s, cause in level]
        found = [a for a in attempts if a.fits]
        vain += [a for a in attempts if not a.fits]
        if found:
            found = [a for a in found if a.model.name == expected] or found
            chosen = found if found[0].cause is None else found[:1]
            return Explanation(reference, tuple(chosen), len(vain), min(vain, key=lambda a: a.ratio, default=None))
    return Explanation(reference, (), len(vain), min(vain, key=lambda a: a.ratio, default=None))


def _attempt(schedule: Schedule, answered: Answered, settings: Mapping[str, Any], cause: str | None = None) -> Attempt:
    results = tuple(_judged(schedule, case, values, in_force(schedule, case.hyper, settings), cause) for case, values in answered)
    return Attempt(ScheduleModel(schedule.name, schedule), results, True, cause)


AMPLIFYING, NARROW = "an order of operations that amplifies rounding errors", "the rate is formed in float32"
SCHEDULE_CAUSES = (AMPLIFYING, NARROW)
"""Causes of reduced precision of a schedule: the difference of two large rates has their error; so has what float32 forms."""


def _allowed(schedule: Schedule, hyper: Hyper, steps: Sequence[int], cause: str | None) -> Radii:
    radii = schedule_radii(schedule, hyper, steps, FLOAT32 if cause == NARROW else FLOAT64)
    if cause != AMPLIFYING:
        return radii
    largest = max((r for r in radii.exact() if r is not None), default=Fraction(0))
    return Radii(from_exact([largest] * len(steps)))


def _judged(schedule: Schedule, case: Case, theirs: Sequence[float], hyper: Hyper, cause: str | None) -> CaseResult:
    exact = rates(schedule, hyper, case.steps)
    allowed = _allowed(schedule, hyper, case.steps, cause)
    ratio = ratios(list(theirs), exact, allowed)
    ratio = np.where(np.isnan(ratio) & ~np.isfinite(theirs), np.inf, ratio)
    result = CaseResult(case.id, claims=int((~np.isnan(ratio)).sum()), no_claims=int(np.isnan(ratio).sum()), failures=int((ratio > 1).sum()))
    if result.claims:
        worst = int(np.nanargmax(ratio))
        result.ratio, result.worst = float(ratio[worst]), _difference(case, worst, theirs, exact, allowed, ratio)
    failing = np.flatnonzero(ratio > 1)
    result.agrees["lr"] = case.steps[failing[0]] if len(failing) else None
    if len(failing):
        result.first = _difference(case, int(failing[0]), theirs, exact, allowed, ratio)
    return result


def _difference(case: Case, i: int, theirs: Sequence[float], exact: Sequence[Any], allowed: Radii, ratio: Any) -> Difference:
    place = Place(case.steps[i], 0, 0, "lr")
    return Difference(case.id, place, theirs[i], exact[i], allowed[i].exact()[0], float(ratio[i]), float(theirs[0]), None)


def _tells_apart(one: Schedule, other: Schedule, case: Case, settings: Mapping[str, Any]) -> bool:
    hyper = in_force(one, case.hyper, settings)
    bounds = schedule_radii(one, hyper, case.steps).exact()
    pairs = zip(rates(one, hyper, case.steps), rates(other, in_force(other, case.hyper, settings), case.steps), bounds, strict=True)
    return any(b is not None and is_finite(x) and is_finite(y) and _gap(x, y) > TELLS_APART * b for x, y, b in pairs)


def _gap(x: Any, y: Any) -> Fraction:
    return abs(fraction(x) - fraction(y))


def _line(case: Case, answer: Rates | Skipped | NoAnswer, elapsed: float, explanation: Explanation | None) -> CaseLine:
    if isinstance(answer, NoAnswer):
        refused = case.result in ("may", "reject") and not answer.broken
        return CaseLine(case, "conforms" if refused else "no_answer", elapsed, None, answer.message)
    if isinstance(answer, Skipped):
        return CaseLine(case, "skipped", elapsed, None, answer.reason)
    if case.result == "reject" or explanation is None:
        return CaseLine(case, "skipped", elapsed, None, "accepts what its formula cannot take")
    result = next(r for r in explanation.reference.results if r.case == case.id)
    verdict = "conforms" if result.fits else "variant" if explanation.found else "deviates"
    return CaseLine(case, verdict, elapsed, result)
