"""The inputs of closed loops and of schedules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

from refopt.catalogue import objective, schedule
from refopt.exact.digits import shortest
from refopt.golden.document import WORDS
from refopt.golden.extremes import may_be_zero
from refopt.golden.inputs import usual
from refopt.golden.model import Case, CaseKind, Parameter, Result
from refopt.language.evaluate import rational
from refopt.language.expression import Kind
from refopt.language.lists import entries, place, read, spread
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

STEPS = 40
KEEP = (1, 10, 40)
RUNS: tuple[tuple[str, str, str | None, Mapping[Role, str]], ...] = (
    ("ravine_rotated", "0.0078125", None, {}),
    ("rosenbrock", "0.0009765625", None, {}),
    ("two_wells", "0.0625", "exponential", {Role.RATE: "0.0625", Role.FACTOR: "0.875"}),
    ("logistic_regression", "0.0625", "cosine_annealing", {Role.RATE: "0.0625", Role.RATE_END: "0.0009765625", Role.COUNT: "30"}),
    ("tanh_network", "0.0078125", None, {}),
)
"""Objective, a rate small enough for its steepest direction, and a schedule with its hyperparameters by role."""
DECAY = "0.015625"
"""The strength of a decay of the weights in a training run."""


def closed_loops(rule: Rule) -> Iterator[Case]:
    """Training runs: every objective for a reference, the rotated ravine for a variant; none where a rule is given more than gradients."""
    if rule.inputs:
        return
    for number, (name, rate, schedule_name, settings) in enumerate(RUNS[: 1 if rule.is_variant else None], start=1):
        o = objective(name)
        with_schedule = f", {schedule_name} schedule" if schedule_name else ""
        yield Case(
            id=f"{rule.name.replace('/', '.')}-closed-{number:03d}",
            comment=f"{STEPS} steps on {name}{with_schedule}",
            kind=CaseKind.CLOSED_LOOP,
            result=Result.MUST,
            probes=("ClosedLoop",),
            dtypes=("float64", "float32"),
            hyper={**usual(rule), **rule.at_rate(rate), **{h.name: DECAY for h in rule.of_role(Role.WEIGHT_DECAY)}},
            params=(Parameter((len(o.start),), len(o.start), tuple(shortest(float(x)) for x in o.start)),),
            keep=KEEP,
            objective=name,
            objective_hyper={h.name: shortest(float(h.default)) for h in o.hyper},
            samples=() if o.sampling == "full_batch" else tuple(o.batch(i) for i in range(STEPS)),
            schedule=schedule_name,
            schedule_hyper={h.name: settings[h.role] for h in schedule(schedule_name).hyper} if schedule_name else None,
        )


MISSED = 3
"""The place of the metric that is no number."""
SETS = 5
"""Number of sets of hyperparameters of a schedule: exact in every format, usual, and large; one more stands beside a zero."""


def _settings(s: Schedule, number: int) -> dict[str, str]:
    """The numbered set of hyperparameters of a schedule's cases: the samples, or the default where there are none."""
    written = {h.name: h.samples.schedules or (h.default if h.symbol.kind is Kind.INTEGER else shortest(float(h.default)),) for h in s.hyper}
    lists = {h.name for h in s.hyper if h.is_list}
    chosen = {name: row[number % len(row)] for name, row in written.items()}
    return {n: x for name, text in chosen.items() for n, x in (spread(name, read(text) or ()) if name in lists else {name: text}).items()}


def schedule_cases(s: Schedule) -> Iterator[Case]:
    """Rates at the start, around every boundary and past the end: for dyadic, usual and large hyperparameters, and where each is 0 that may be."""
    for number in range(SETS):
        comment = "rates at the start, around every boundary and past the end"
        yield _schedule_case(s, f"schedule-{number + 1:03d}", comment, "ScheduleSteps", _settings(s, number))
    for number, h in enumerate((h for h in s.hyper if may_be_zero(h)), start=1):
        ends = {x.name: "0" for x in s.of_role(Role.RATE_END)} if h.role is Role.RATE else {}  # a last rate above the first would be felt instead
        yield _schedule_case(s, f"schedule-zero-{number:03d}", f"{h.name} = 0", "Zero", {**_settings(s, SETS), **ends, h.name: "0"})
    for h in s.of_role(Role.METRIC):
        for number, word in enumerate(WORDS, start=1):
            hyper = {**_settings(s, SETS), place(h.name, MISSED): word}
            case = _schedule_case(s, f"schedule-edge-{number:03d}", f"one of the metrics is {word}", "Unmeasured", hyper)
            yield replace(case, result=Result.MAY, reason="nobody says whether what was not measured is bad, or is left out")


def _schedule_case(s: Schedule, family: str, comment: str, probe: str, hyper: dict[str, str]) -> Case:
    return _case_at(s, family, comment, probe, hyper, steps_to_look_at(s, hyper))


def steps_to_look_at(s: Schedule, hyper: Mapping[str, str]) -> Sequence[int]:
    """The first steps of a schedule, those around every boundary that these hyperparameters put anywhere, and one past the end; of one that waits for a
    metric, every step that has one."""
    for h in s.of_role(Role.METRIC):
        return range(len(entries(h.name, hyper)) + 1)
    marks = {0, 1}
    lengths = [int(hyper[h.name]) for h in s.of_role(Role.COUNT) if not h.is_list]
    for n in lengths:
        marks |= {k for m in (n, 2 * n, 3 * n) for k in (m - 1, m, m + 1)}
    for at in (int(x) for h in s.hyper if h.is_list for x in entries(h.name, hyper)):
        marks |= {at - 1, at, at + 1}
    if len(lengths) > 1:  # a schedule of several stretches ends after all of them
        marks |= {sum(lengths) + k for k in (-1, 0, 1)}
    values = s.values(hyper)
    for at in (floor(rational(x, values)) for x in s.turns):
        marks |= {at - 1, at, at + 1}
    marks |= {max(marks) // 2, max(marks) + 5}
    end = s.last_step(values)
    last = max(marks) if end is None else end
    return sorted(k for k in {*marks, last} if 0 <= k <= last)


def _case_at(s: Schedule, family: str, comment: str, probe: str, hyper: dict[str, str], steps: Sequence[int]) -> Case:
    return Case(
        id=f"{s.name.replace('/', '.')}-{family}",
        comment=comment,
        kind=CaseKind.SCHEDULE,
        result=Result.MUST,
        probes=(probe,),
        dtypes=("float64",),
        hyper=hyper,
        steps=tuple(steps),
    )


def exact_hyper(case: Case, declared: Rule | Schedule) -> dict[str, Fraction]:
    """The exact hyperparameters that a case sets; of a defaults case, those that must be in force."""
    written = case.hyper_expected if case.kind == CaseKind.DEFAULTS and case.hyper_expected is not None else case.hyper
    return declared.values(written)
