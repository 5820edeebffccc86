"""The inputs of closed loops and of schedules."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from refopt.catalogue import objective
from refopt.exact.digits import shortest
from refopt.golden.extremes import may_be_zero
from refopt.golden.inputs import usual
from refopt.golden.model import Case, Parameter
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

STEPS = 40
KEEP = (1, 10, 40)
RUNS = (
    ("ravine_rotated", "0.0078125", None),
    ("rosenbrock", "0.0009765625", None),
    ("two_wells", "0.0625", "exponential"),
    ("logistic_regression", "0.0625", "cosine_annealing"),
    ("tanh_network", "0.0078125", None),
)
"""Objective, a rate small enough for its steepest direction, and a schedule."""
SETTINGS = {"cosine_annealing": {"lr": "0.0625", "lr_min": "0.0009765625", "period": "30"}, "exponential": {"lr": "0.0625", "factor": "0.875"}}


def closed_loops(rule: Rule) -> Iterator[Case]:
    """Training runs: every objective for a reference, the rotated ravine for a variant."""
    for number, (name, rate, schedule_name) in enumerate(RUNS[: 1 if rule.is_variant else None], start=1):
        o = objective(name)
        with_schedule = f", {schedule_name} schedule" if schedule_name else ""
        yield Case(
            id=f"{rule.name.replace('/', '.')}-closed-{number:03d}",
            comment=f"{STEPS} steps on {name}{with_schedule}",
            kind="closed_loop",
            result="must",
            probes=("ClosedLoop",),
            dtypes=("float64", "float32"),
            hyper={**usual(rule), "lr": rate, **({"weight_decay": "0.015625"} if "weight_decay" in rule.hyper_names else {})},
            params=(Parameter((len(o.start),), len(o.start), tuple(shortest(float(x)) for x in o.start)),),
            keep=KEEP,
            objective=name,
            objective_hyper={h.name: shortest(float(h.default)) for h in o.hyper},
            samples=() if o.sampling == "full_batch" else tuple(o.batch(i) for i in range(STEPS)),
            schedule=schedule_name,
            schedule_hyper=SETTINGS[schedule_name] if schedule_name else None,
        )


def _settings(s: Schedule, base: dict[str, str]) -> dict[str, str]:
    return {h.name: base.get(h.name, h.default if h.symbol.kind is Kind.INTEGER else shortest(float(h.default))) for h in s.hyper}


SETS = (
    {"lr": "0.5", "factor": "0.5", "every": "3", "lr_min": "0.0625", "period": "8", "warmup_start": "0.25", "warmup_steps": "4"},
    {"lr": "0.1", "factor": "0.1", "every": "30", "lr_min": "0", "period": "100", "warmup_start": "0.1", "warmup_steps": "7"},
    {"lr": "0.003", "factor": "0.97", "every": "7", "lr_min": "0.00001", "period": "50", "warmup_start": "0", "warmup_steps": "10"},
    {"lr": "0.25", "factor": "0.5", "every": "4", "lr_min": "0", "period": "16", "warmup_start": "0", "warmup_steps": "5"},
)
LARGE = {"lr": "4", "factor": "0.75", "every": "3", "lr_min": "2", "period": "6", "warmup_start": "0.5", "warmup_steps": "3"}
"""A rate that a limit would cut, and a last one that is half of it: a floor is felt, not only an end."""
BESIDE_ZERO = {"lr": "0.75", "factor": "0.5", "every": "2", "lr_min": "0.125", "period": "5", "warmup_start": "0.25", "warmup_steps": "3"}


def schedule_cases(s: Schedule) -> Iterator[Case]:
    """Rates at the start, around every boundary and past the end: for dyadic, usual and large hyperparameters, and where each is 0 that may be."""
    for number, base in enumerate((*SETS, LARGE), start=1):
        yield _schedule_case(s, f"schedule-{number:03d}", "rates at the start, around every boundary and past the end", "ScheduleSteps", _settings(s, base))
    for number, h in enumerate((h for h in s.hyper if may_be_zero(h)), start=1):
        hyper = {**_settings(s, BESIDE_ZERO), **({"lr_min": "0"} if h.name == "lr" and "lr_min" in s.hyper_names else {}), h.name: "0"}
        yield _schedule_case(s, f"schedule-zero-{number:03d}", f"{h.name} = 0", "Zero", hyper)


def _schedule_case(s: Schedule, family: str, comment: str, probe: str, hyper: dict[str, str]) -> Case:
    marks = {0, 1}
    for name in ("every", "period", "warmup_steps"):
        n = int(hyper.get(name, "0"))
        marks |= {k for m in (n, 2 * n, 3 * n) for k in (m - 1, m, m + 1) if n}
    if "warmup_steps" in hyper and "period" in hyper:
        end = int(hyper["warmup_steps"]) + int(hyper["period"])
        marks |= {end - 1, end, end + 1}
    marks |= {max(marks) // 2, max(marks) + 5}
    return Case(
        id=f"{s.name.replace('/', '.')}-{family}",
        comment=comment,
        kind="schedule",
        result="must",
        probes=(probe,),
        dtypes=("float64",),
        hyper=hyper,
        steps=tuple(sorted(k for k in marks if k >= 0)),
    )


def exact_hyper(case: Case, declared: Rule | Schedule) -> dict[str, Fraction]:
    """The exact hyperparameters that a case sets; of a defaults case, those that must be in force."""
    written = case.hyper_expected if case.kind == "defaults" and case.hyper_expected is not None else case.hyper
    return declared.values(written)
