"""Search for the named schedule, or the edits of one, that explain observed rates. The first level at which one fits wins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from refopt.catalogue import schedules
from refopt.catalogue.composition import others_like
from refopt.conformance.diagnose.also_fits import TELLS_APART
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.budget import Budget, SearchIsOver
from refopt.conformance.diagnose.cause import Amplifies, RateFormedIn, Together
from refopt.conformance.diagnose.compound_edits import schedule_slips
from refopt.conformance.diagnose.curve_edits import curve_edits
from refopt.conformance.diagnose.rates_sent import rates_taken_otherwise, told
from refopt.conformance.diagnose.schedule_pairs import Pairs, Points, search_pairs
from refopt.conformance.diagnose.search import NEAR, Explanation, Stopped
from refopt.conformance.diagnose.sent import Taken
from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.model import Hyper, ScheduleModel, in_force
from refopt.conformance.judge.summary import CaseResult, Difference, Place
from refopt.errors import RefoptError
from refopt.exact.run import rates
from refopt.golden.change import Change
from refopt.golden.change import Kind as Changed
from refopt.golden.description import Description, several
from refopt.golden.equivalence import is_equivalent_schedule
from refopt.golden.model import Case
from refopt.golden.mutants import ScheduleMutant, schedule_mutants
from refopt.language.schedule import Schedule
from refopt.rounding.error_bounds import ErrorBounds, ratios
from refopt.rounding.extended_range import from_exact
from refopt.rounding.formats import FLOAT32, FLOAT64
from refopt.rounding.schedule_bound import schedule_radii

Answered = Sequence[tuple[Case, Sequence[float]]]
"""The cases that were answered, with the rates."""
ROOM = 2.0**-20
"""A formula that is further off than this share of its largest rate is ruled out before its bound is derived."""


def explain_schedule(
    schedule: Schedule, answered: Answered, settings: Mapping[str, Any], expected: str | None, budget: Budget | None = None
) -> Explanation:
    """Look for an explanation: variants; a cause of reduced precision; one edit of the reference, then of a variant; an edit whose rate is formed
    in float32 besides; then two edits, while there is time."""
    budget = budget or Budget()
    reference = _attempt(schedule, answered, settings)
    others = others_like(schedule, _family) if schedule.made_of else [s for s in _family(schedule) if s.name != schedule.name]
    if reference.fits:
        also = tuple(s.name for s in others if not any(_tells_apart(schedule, s, case, settings) for case, _ in answered))
        return Explanation(reference, (reference,), also_fits=also)
    vain: list[Attempt] = []
    for level in _levels(schedule, others, answered, settings):
        attempts: list[Attempt] = []
        with budget.running():
            for t in level:
                try:
                    if t.edit is not None and not any(a.fits for a in attempts):  # of a level in which one fits all are tried
                        budget.check()
                except SearchIsOver:
                    vain += attempts
                    return Explanation(reference, (), len(vain), partial(_closest, tuple(vain)), stopped=Stopped(budget.seconds, len(level) - len(attempts)))
                attempts.append(_tried(t, answered, settings))
        found = [a for a in attempts if a.fits]
        vain += [a for a in attempts if not a.fits]
        if found:
            return Explanation(reference, tuple(_chosen(found, expected)), len(vain), partial(_closest, tuple(vain)))
    return _two_edits(Explanation(reference, (), len(vain), partial(_closest, tuple(vain))), (schedule, *others), answered, settings, budget)


def _family(schedule: Schedule) -> Sequence[Schedule]:
    return (schedule,) if schedule.made_of else [s for s in schedules(variants=True) if s.family == schedule.family]


def _two_edits(vain: Explanation, of: Sequence[Schedule], answered: Answered, settings: Mapping[str, Any], budget: Budget) -> Explanation:
    """The explanation by two edits, where there is one: of the first schedule of which two explain all rates."""
    tried = vain.tried
    for s in (s for s in of if not s.waits):  # a quick look evaluates a closed form
        pairs = Pairs()
        points = Points.of([(in_force(s, case.hyper, settings), case.steps, theirs) for case, theirs in answered], ROOM)
        stopped = None
        try:
            with budget.running():
                search_pairs(s, points, pairs, budget)
        except SearchIsOver:
            stopped = Stopped(budget.seconds, 1)
        attempts = [_tried(Trial(p.schedule, None, p.change, p.of), answered, settings) for p in pairs.left]
        tried += pairs.ruled_out + sum(not a.fits for a in attempts)
        found = [a for a in attempts if a.fits]
        if found and stopped is None:  # a name is told only beside all others that fit as well
            return replace(vain, found=tuple(_chosen(found, None)), tried=tried)
        if stopped is not None:
            return replace(vain, tried=tried, stopped=stopped)
    return replace(vain, tried=tried)


@dataclass(frozen=True)
class Trial:
    """A schedule to try, with a cause of reduced precision put in, or made by an edit of `nearest`; `sent`, with other values in force."""

    schedule: Schedule
    cause: Description | None = None
    edit: Description | None = None
    nearest: str | None = None
    sent: tuple[Taken, ...] = ()


def _levels(schedule: Schedule, others: Sequence[Schedule], answered: Answered, settings: Mapping[str, Any]) -> Iterator[list[Trial]]:
    yield [Trial(s) for s in others]
    for s in (schedule, *others):
        yield [Trial(s, cause) for cause in SCHEDULE_CAUSES]
    for s in (schedule, *others):
        yield list(_taken_otherwise(s, answered, settings))
    yield [Trial(m.schedule, None, m.edit, schedule.name) for m in schedule_mutants(schedule)]
    yield [Trial(m.schedule, None, m.edit, s.name) for s in others for m in schedule_mutants(s)]
    for s in (schedule, *others):
        yield [Trial(slipped, None, change, s.name) for change, slipped in schedule_slips(s)]
    for s in (schedule, *others):
        yield [Trial(edited, None, change, s.name) for change, edited in curve_edits(s)]
    for s in (schedule, *others):
        yield [Trial(m.schedule, NARROW, m.edit, s.name) for m in schedule_mutants(s)]
    for s in (schedule, *others):
        yield [Trial(slipped, NARROW, change, s.name) for change, slipped in schedule_slips(s)]


def _taken_otherwise(s: Schedule, answered: Answered, settings: Mapping[str, Any]) -> Iterator[Trial]:
    """Hyperparameters that are taken otherwise than they were sent, where that can be what fails."""
    failing = [x for x in answered if is_far(s, [x], settings) or not fits(s, [x], settings)]

    def explained(one: Schedule, cases: Answered) -> bool:
        return not is_far(one, cases, settings) and fits(one, cases, settings)

    for sent in rates_taken_otherwise(s, failing, settings, explained):
        yield Trial(s, None, several(sent), s.name, sent)


def _tried(trial: Trial, answered: Answered, settings: Mapping[str, Any]) -> Attempt:
    answered = told(trial.sent, answered)
    if trial.edit is not None:
        model = ScheduleModel(trial.edit, trial.schedule)
        try:
            if is_far(trial.schedule, answered, settings):
                return Attempt(model, (), False, None, trial.edit, trial.nearest, math.inf)
            made = _attempt(trial.schedule, answered, settings, trial.cause)
            if not made.fits and trial.cause is None:
                made = _attempt(trial.schedule, answered, settings, AMPLIFYING)
        except (RefoptError, ArithmeticError, ValueError, TypeError):  # an edit may make a formula that has no value: 1/0, say
            return Attempt(model, (), False, None, trial.edit, trial.nearest, math.inf)
        return replace(made, model=model, edit=trial.edit, nearest=trial.nearest)
    return _attempt(trial.schedule, answered, settings, trial.cause)


def is_far(schedule: Schedule, answered: Answered, settings: Mapping[str, Any]) -> bool:
    """True where a quick look at the exact rates rules a formula out."""
    for case, theirs in answered:
        hyper = in_force(schedule, case.hyper, settings)
        try:
            exact = [float(fraction(x)) for x in rates(schedule, hyper, case.steps)]
        except ZeroDivisionError:  # a value that it holds makes a formula without one
            return True
        largest = max((abs(x) for x in (*exact, *theirs) if math.isfinite(x)), default=0.0)
        if any(not abs(x - y) <= ROOM * largest for x, y in zip(exact, theirs, strict=True)):
            return True
    return False


def fits(schedule: Schedule, answered: Answered, settings: Mapping[str, Any]) -> bool:
    """True where a schedule explains every rate."""
    return _attempt(schedule, answered, settings).fits


def _chosen(found: Sequence[Attempt], expected: str | None) -> Sequence[Attempt]:
    """The attempts to report: the expected variant, else the first cause, else one of each group of edits that make the same formula."""
    if wished := [a for a in found if a.model.name == expected]:
        return wished
    if found[0].cause is not None and found[0].edit is None:
        return found[:1]
    kept: list[Attempt] = []
    for a in found:
        if a.edit is None or not any(_same(a, b) for b in kept):
            kept.append(a)
    return kept


def _same(a: Attempt, b: Attempt) -> bool:
    """True where two schedules are proved the same function of the step."""
    one, other = a.model.rule, b.model.rule
    assert isinstance(one, Schedule) and isinstance(other, Schedule)
    return is_equivalent_schedule(ScheduleMutant("", Change(Changed.PART), one), other)


def _closest(vain: Sequence[Attempt]) -> Attempt | None:
    return min((a for a in vain if a.distance is None and a.ratio <= NEAR), key=lambda a: a.ratio, default=None)


def _attempt(schedule: Schedule, answered: Answered, settings: Mapping[str, Any], cause: Description | None = None) -> Attempt:
    results = tuple(_judged(schedule, case, values, in_force(schedule, case.hyper, settings), cause) for case, values in answered)
    return Attempt(ScheduleModel(schedule.name, schedule), results, True, cause)


def judged_in(attempt: Attempt, case: Case, theirs: Sequence[float], settings: Mapping[str, Any], *, either: bool = False) -> CaseResult:
    """Other rates of a case beside the schedule of an attempt that explained it, with the precision that explained it.

    either  each rate may come from the closed form, or from the rate before it, whichever way that one came
    """
    schedule = attempt.model.rule
    assert isinstance(schedule, Schedule)
    return _judged(schedule, case, theirs, in_force(schedule, case.hyper, settings), attempt.cause, either)


AMPLIFYING, NARROW = Amplifies(), RateFormedIn(FLOAT32)
BOTH = Together(NARROW, AMPLIFYING)
SCHEDULE_CAUSES = (AMPLIFYING, NARROW)
"""Causes of reduced precision of a schedule: the difference of two large rates has their error; so has what float32 forms."""


def _allowed(schedule: Schedule, hyper: Hyper, steps: Sequence[int], cause: Description | None, either: bool = False) -> ErrorBounds:
    radii = schedule_radii(schedule, hyper, steps, FLOAT32 if cause in (NARROW, BOTH) else FLOAT64, either=either)
    if cause not in (AMPLIFYING, BOTH):
        return radii
    largest = max((r for r in radii.exact() if r is not None), default=Fraction(0))
    return ErrorBounds(from_exact([largest] * len(steps)))


def _judged(
    schedule: Schedule, case: Case, theirs: Sequence[float], hyper: Hyper, cause: Description | None, either: bool = False
) -> CaseResult:  # fmt: skip
    exact = rates(schedule, hyper, case.steps)
    allowed = _allowed(schedule, hyper, case.steps, cause, either)
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


def _difference(case: Case, i: int, theirs: Sequence[float], exact: Sequence[Any], allowed: ErrorBounds, ratio: Any) -> Difference:
    place = Place(case.steps[i], 0, 0, "lr")
    return Difference(case.id, place, theirs[i], exact[i], allowed[i].exact()[0], float(ratio[i]), float(theirs[0]), None)


def _tells_apart(one: Schedule, other: Schedule, case: Case, settings: Mapping[str, Any]) -> bool:
    hyper = in_force(one, case.hyper, settings)
    bounds = schedule_radii(one, hyper, case.steps).exact()
    pairs = zip(rates(one, hyper, case.steps), rates(other, in_force(other, case.hyper, settings), case.steps), bounds, strict=True)
    return any(b is not None and is_finite(x) and is_finite(y) and _gap(x, y) > TELLS_APART * b for x, y, b in pairs)


def _gap(x: Any, y: Any) -> Fraction:
    return abs(fraction(x) - fraction(y))
