"""Fixed values of hyperparameters that a schedule does not take: found by measurement; all cases are then judged with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod

from refopt.catalogue import schedules
from refopt.conformance.diagnose.held import Held, held
from refopt.conformance.diagnose.roles import values
from refopt.conformance.diagnose.search_schedule import Answered, fits, is_far
from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.model import in_force
from refopt.conformance.protocol.door import Answers, Door, HasDoors, doors_of
from refopt.conformance.protocol.implementation import NoAnswer, Rates, ScheduleImplementation, Sent, Skipped, taken
from refopt.exact.digits import shortest_between
from refopt.exact.run import rates
from refopt.golden.closed_loop_inputs import steps_to_look_at
from refopt.golden.description import Name
from refopt.golden.model import Case, Result
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.language.lists import gathered, is_written
from refopt.language.role import Role
from refopt.language.schedule import Schedule

COUNTS = range(1, 501)
"""Counts of steps that may be fixed."""
FARTHEST = 100_000
"""The last step that is looked at for a boundary of values that are held: some get there only one step at a time."""
FEW, MANY = 200, 1000
"""The most rows of usual values beside which every count is tried, and that are tried at all; of more, counts are tried beside the defaults and beside zeros,
and the rows that differ from these in two places at most."""
SLACK = Fraction(1, 2**48)
"""The share of the largest rate by which a rate may be off when a value is read off; the bound decides."""


@dataclass(frozen=True)
class WithFixedRates:
    """A schedule with the values of what it does not take among its settings."""

    implementation: ScheduleImplementation
    fixed: Mapping[str, float]

    @property
    def name(self) -> str:
        """As a person spells it."""
        return self.implementation.name

    @property
    def version(self) -> str:
        """Of the package it is from."""
        return self.implementation.version

    @property
    def rule(self) -> str | None:
        """The schedule it is judged by."""
        return self.implementation.rule

    @property
    def settings(self) -> Mapping[str, float]:
        """Its own, and the fixed values."""
        return {**self.implementation.settings, **self.fixed}

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The rates at these steps."""
        return self.implementation.rates(hyper, steps)

    @property
    def doors(self) -> tuple[Door, ...]:
        """Its doors."""
        return doors_of(self.implementation)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind one of them."""
        assert isinstance(self.implementation, HasDoors)
        return self.implementation.through(door, hyper, steps)


def rates_not_taken(implementation: ScheduleImplementation, schedule: Schedule) -> tuple[str, ...]:
    """The hyperparameters of a schedule that an implementation does not take; none where it does not say what it takes."""
    takes = taken(implementation)
    return () if takes is None else tuple(n for n in schedule.hyper_names if n not in takes)


def fixed_rates(
    implementation: ScheduleImplementation, schedule: Schedule, cases: Sequence[Case], names: Sequence[str], tell: Callable[[Name], None]
) -> tuple[Held, ...]:
    """The fixed values of what is not taken. Where none explains the cases they are the defaults: what differs is then looked for."""
    chosen = [h for h in schedule.hyper if h.name in names]
    answered = []
    for case in (c for c in cases if c.result == Result.MUST):
        tell(case.id)
        sent = {n: int(x) if schedule.kind_of(n) is Kind.INTEGER else float(x) for n, x in case.hyper.items()}
        found = implementation.rates(gathered(sent), case.steps)
        answered += [(case, found.values)] if isinstance(found, Rates) else []
    if len(answered) > 1:
        others = (s for s in schedules(variants=True) if s.family == schedule.family and s.name != schedule.name)
        for concept in (schedule, *others):
            for put in _proposed(concept, answered, implementation.settings, names):
                settings = {**implementation.settings, **{n: float(x) for n, x in put.items()}}
                if not is_far(concept, answered, settings) and fits(concept, answered, settings):
                    return tuple(held(h, put[h.name]) for h in chosen if h.name in put)
    return tuple(replace(held(h, h.default), found=False) for h in chosen)


def at_turns(schedule: Schedule, cases: Sequence[Case], kept: Sequence[Held]) -> list[Case]:
    """The cases, with the steps around the boundaries of the values that are held: those of the values that a case sets say nothing there."""
    fixed = {x.name: x.value for x in kept}
    if schedule.of_role(Role.METRIC) or any(is_written(x) for x in fixed.values()):
        return list(cases)
    return [replace(c, steps=_with_turns(schedule, c, {**c.hyper, **fixed})) if c.result == Result.MUST else c for c in cases]


def _with_turns(schedule: Schedule, case: Case, hyper: Mapping[str, str]) -> tuple[int, ...]:
    return tuple(sorted({*case.steps, *(k for k in steps_to_look_at(schedule, hyper) if k <= FARTHEST)}))


def _proposed(schedule: Schedule, answered: Answered, settings: Mapping[str, float], names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Values worth a trial: usual ones, counts, then one that is read off beside usual ones."""
    hypers = [h for h in schedule.hyper if h.name in names]
    if any(h.is_list for h in hypers):
        return  # lists are too many to try
    usual = [values(h) for h in hypers]
    plain = [tuple(h.default for h in hypers), tuple("0" if h.allows("0") and h.symbol.kind is not Kind.INTEGER else h.default for h in hypers)]
    near = len(hypers) if prod(map(len, usual)) <= MANY else 2
    rows = (row for row in product(*usual) if any(sum(x != y for x, y in zip(row, other, strict=True)) <= near for other in plain))
    for row in dict.fromkeys((*plain, *rows)):
        yield {h.name: x for h, x in zip(hypers, row, strict=True)}
    counted = [h for h in hypers if h.symbol.kind is Kind.INTEGER]
    if len(counted) == 1:
        others = [h for h in hypers if h is not counted[0]]
        beside = list(product(*map(values, others)))
        if len(beside) > FEW:
            beside = list(dict.fromkeys(tuple(x for x, h in zip(row, hypers, strict=True) if h is not counted[0]) for row in plain))
        for row in beside:
            put = {h.name: x for h, x in zip(others, row, strict=True)}
            yield from ({**put, counted[0].name: n} for n in _counts(counted[0]))
    for i, h in enumerate(hypers):
        put = {x.name: x.default for j, x in enumerate(hypers) if j != i}
        if h.symbol.kind is Kind.INTEGER:
            yield from ({**put, h.name: n} for n in _counts(h) if len(counted) > 1)
        elif (value := _read_off(schedule, answered[::2], {**settings, **{n: float(x) for n, x in put.items()}}, h)) is not None:
            yield {**put, h.name: value}


def _read_off(schedule: Schedule, answered: Answered, settings: Mapping[str, float], h: Hyper) -> str | None:
    """The value that makes the rates of a schedule that is straight in it those that were seen; None where there is none."""
    low, high = Fraction(0), Fraction(10**6)
    for case, theirs in answered:
        nothing, one = (rates(schedule, in_force(schedule, case.hyper, {**settings, h.name: x}), case.steps) for x in (0.0, 1.0))
        largest = max((abs(x) for x in theirs), default=0.0)
        for seen, a, b in zip(theirs, nothing, one, strict=True):
            if not (is_finite(seen) and is_finite(a) and is_finite(b)) or fraction(a) == fraction(b):
                continue
            slope = fraction(b) - fraction(a)
            value, slack = (Fraction(seen) - fraction(a)) / slope, abs(SLACK * Fraction(largest) / slope)
            low, high = max(low, value - slack), min(high, value + slack)
    return shortest_between(low, high) if 0 < low <= high else None


def _counts(h: Hyper) -> list[str]:
    """Counts of its domain."""
    return [str(n) for n in COUNTS if h.allows(str(n))]
