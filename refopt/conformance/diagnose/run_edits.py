"""Edits of a run: the formula is right, but it is fed with a wrong count of updates or a wrong rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from refopt.conformance.diagnose.run_change import RunChange, TakenFrom
from refopt.conformance.protocol.implementation import Ran, Request, Snapshot
from refopt.conformance.protocol.observe import Observation
from refopt.golden.course_edits import CourseEdit, course_edits
from refopt.golden.model import Case
from refopt.language.compose import put_in
from refopt.language.expression import Kind, scalar, t
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule

Told = TypeVar("Told", Case, Request)
"""A case and the request made of it: both say which update is the first and which rates hold."""


@dataclass(frozen=True)
class RunEdit:
    """A change of a run as a whole: its counter, its rates, the courses of other hyperparameters, or its tensors."""

    change: RunChange | TakenFrom
    counts_anew: bool = False
    keeps_first_rate: bool = False
    lags: bool = False
    of_courses: CourseEdit | None = None

    def told(self, x: Told) -> Told:
        """The case, or the request, as the implementation takes it."""
        if self.counts_anew:
            return replace(x, t0=1)
        if self.of_courses is not None:
            return replace(x, courses=self.of_courses.of(x.courses)) if x.courses else x
        if x.lr is None:
            return x
        return replace(x, lr=tuple(x.lr[0 if self.keeps_first_rate else max(i - 1, 0)] for i in range(len(x.lr))))

    def of(self, observations: Sequence[Observation]) -> list[Observation]:
        """The observations, as if the changed run had been asked for."""
        return [self._told(o) for o in observations]

    def _told(self, o: Observation) -> Observation:
        told = None if o.request is None else self.told(o.request)
        if o.request is None or told is None or fed_alike(told, o.request):
            return o
        return replace(o, case=self.told(o.case), request=told)


RUN_EDITS = (
    RunEdit(RunChange.COUNTS_ANEW, counts_anew=True),
    RunEdit(RunChange.FIRST_RATE_HOLDS, keeps_first_rate=True),
    RunEdit(RunChange.RATE_LATE, lags=True),
)


def run_edits(observations: Sequence[Observation]) -> Iterator[RunEdit]:
    """The edits of some runs: those of every run, and those of the courses that hyperparameters have in them."""
    yield from RUN_EDITS
    names = tuple(dict.fromkeys(n for o in observations if o.request is not None for n in o.request.courses))
    yield from (RunEdit(TakenFrom(edit.names, edit.taking), of_courses=edit) for edit in course_edits(names))


def fed_alike(a: Request, b: Request) -> bool:
    """True where two requests have the same counter, rates, hyperparameters and courses."""
    return (a.t0, a.lr, dict(a.hyper), dict(a.courses)) == (b.t0, b.lr, dict(b.hyper), dict(b.courses))


class OfRuns(Protocol):
    """An edit of runs."""

    def of(self, observations: Sequence[Observation]) -> list[Observation]:
        """The observations, as if the changed run had been asked for; one that the edit leaves alone is the same object."""


def applies(edit: OfRuns, observations: Sequence[Observation]) -> bool:
    """True where the edit changes any request."""
    return any(told is not o for told, o in zip(edit.of(observations), observations, strict=True))


TENSORS, PLACE = (scalar(name, sign="positive", kind=Kind.INTEGER) for name in ("tensors", "place"))
"""Numbers of tensors that a run updates, and of one tensor among them."""


def with_shared_count(rule: Rule, observations: Sequence[Observation]) -> tuple[Rule, list[Observation]] | None:
    """The rule, and what was seen tensor by tensor, as an implementation counts that counts every tensor's update, from 1.

    Where a tensor has a gradient only at times, the run is looked at as long as the same tensors have one: so long the count is a
    formula. None where that is the number of the update in all runs anyway.
    """
    if not rule.uses_step:
        return None
    told: list[Observation] = []
    differs = False
    for o in observations:
        if o.request is None or not isinstance(o.answer, Ran):
            told.append(o)
            continue
        moving = [p for p, g in enumerate(o.request.grads[0]) if g is not None] if o.request.grads else []
        o, request, ran = _as_long_as_the_same_move(o, o.request, o.answer)
        told += [_tensor(o, request, ran, p, len(moving), moving.index(p) + 1 if p in moving else 1) for p in range(len(request.theta0))]
        differs = differs or (bool(moving) and (len(moving) > 1 or request.t0 > 1))
    if not differs:
        return None
    count = TENSORS * (t - 1) + PLACE
    hyper = tuple(Hyper(s, "1", s >= 1, Role.COUNT, "of a run") for s in (TENSORS, PLACE))
    steps = put_in(rule.steps, {"t": count})
    return replace(rule, hyper=(*rule.hyper, *hyper), steps=steps), told


def _as_long_as_the_same_move(o: Observation, request: Request, ran: Ran) -> tuple[Observation, Request, Ran]:
    """The first updates of a run, all with gradients of the same tensors."""
    patterns = [[g is not None for g in row] for row in request.grads]
    n = next((i for i, pattern in enumerate(patterns) if pattern != patterns[0]), len(patterns))
    if n == len(patterns):
        return o, request, ran
    inputs = {name: rows[:n] for name, rows in o.case.inputs.items()}
    case = replace(o.case, grads=o.case.grads[:n], inputs=inputs, lr=None if o.case.lr is None else o.case.lr[:n])
    return replace(o, case=case), request.some_updates(range(n)), replace(ran, after=ran.after[:n])


def _tensor(o: Observation, request: Request, ran: Ran, p: int, tensors: int, place: int) -> Observation:
    """The observation of one tensor, as a run of its own."""
    known = {str(TENSORS.name): str(tensors), str(PLACE.name): str(place)}
    expected = None if o.case.hyper_expected is None else {**o.case.hyper_expected, **known}
    rows = tuple((row[p],) for row in o.case.grads)
    inputs = {name: tuple((row[p],) for row in given) for name, given in o.case.inputs.items()}
    hyper = {**o.case.hyper, **known}
    case = replace(o.case, t0=1, params=(o.case.params[p],), grads=rows, inputs=inputs, hyper=hyper, hyper_expected=expected, expect=())
    state0 = None if request.state0 is None else (request.state0[p],)
    asked = replace(request.each_row(lambda row: (row[p],)), t0=1, theta0=(request.theta0[p],), state0=state0)
    before, *after = (Snapshot((s.theta[p],), (s.state[p],)) for s in (ran.before, *ran.after))
    return replace(o, case=case, request=asked, answer=Ran(before, tuple(after)))
