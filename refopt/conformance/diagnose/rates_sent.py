"""Hyperparameters of a schedule that are taken otherwise than they were sent: `lr or 0.1`, `min(lr, 1)`.

The formula is right, with other values. They are looked for where every case that fails was sent such a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from refopt.conformance.diagnose.sent import CAPS, FLOORS, Cut, Taken, defaults_of
from refopt.golden.model import Case
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.schedule import Schedule

Answered = Sequence[tuple[Case, Sequence[float]]]
Fits = Callable[[Schedule, Answered], bool]
"""Schedules held against cases in which other values are put in for what was sent."""


def rates_taken_otherwise(schedule: Schedule, failing: Answered, settings: Mapping[str, Any], fits: Fits) -> Iterator[tuple[Taken, ...]]:
    """Substitutes for sent values that may explain the failing cases: hyperparameters at 0 together, each cut by itself."""
    if not failing:
        return
    if zeros := _zeros(schedule, failing, settings, fits):
        yield zeros
    for h in (h for h in schedule.hyper if h.symbol.kind is Kind.REAL):
        sent = [float(case.hyper[h.name]) for case, _ in failing if h.name in case.hyper]
        for cut in (*(Taken(h.name, Cut.ABOVE, c) for c in CAPS), *(Taken(h.name, Cut.BELOW, c) for c in FLOORS)):
            if len(sent) == len(failing) and all(x > float(cut.value) if cut.cut is Cut.ABOVE else x < float(cut.value) for x in sent):
                yield (cut,)


def told(edits: Sequence[Taken], answered: Answered) -> Answered:
    """The cases as if the other values had been sent."""
    for edit in edits:
        answered = [(edit.case(case), theirs) for case, theirs in answered]
    return answered


def _zeros(schedule: Schedule, failing: Answered, settings: Mapping[str, Any], fits: Fits) -> tuple[Taken, ...]:
    """A substitute for each hyperparameter that is 0 where something fails; none unless they explain every failing case."""
    left = list(failing)
    found: list[Taken] = []
    for h in (h for h in schedule.hyper if h.symbol.kind is Kind.REAL):
        at_zero = [(case, theirs) for case, theirs in left if h.name in case.hyper and float(case.hyper[h.name]) == 0]
        edit = _zero(schedule, h, at_zero, settings, fits) if at_zero else None
        if edit is not None:
            found.append(edit)
            left = [x for x in left if x not in at_zero]
    return tuple(found) if not left else ()


def _zero(schedule: Schedule, h: Hyper, cases: Answered, settings: Mapping[str, Any], fits: Fits) -> Taken | None:
    edits = (Taken(h.name, Cut.ZERO, value, is_default) for value, is_default in defaults_of(h, settings).items())
    return next((edit for edit in edits if fits(schedule, told([edit], cases))), None)
