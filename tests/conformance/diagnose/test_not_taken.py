"""What an implementation does not take is one fixed value: found, told, and no wall."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import refopt
from refopt import catalogue
from refopt.conformance.diagnose.held import Effect, held, smaller
from refopt.language.role import Role
from refopt.report.report import Report
from refopt.report.words import told_or_none
from tests.conformance import partial

CASES = ("basic-001", "dyadic-001", "eps-001")


@cache
def judged(make: Any, rule: str, *, expected: str | None = None) -> Report:
    return refopt.check(make, rule, cases=[f"{rule}-open-{c}" for c in CASES], dtypes=["float64"], expected=expected)


@pytest.mark.parametrize(("make", "value"), [(partial.EpsFixed, "1e-8"), (partial.OddEps, "3.7e-7")])
def test_an_epsilon_that_is_not_taken_keeps_the_formula_and_its_value_is_found(make: Any, value: str) -> None:
    report = judged(make, "adam")
    assert (report.verdict, report.exit) == ("conforms", 0)
    assert float(report.footer["fixed"]["eps"]) == float(value)
    assert f"conforms with adam; eps fixed at {report.footer['fixed']['eps']}" in " ".join(str(report).split())


def test_a_value_that_is_the_default_keeps_the_formula() -> None:
    report = judged(partial.UsualDecay, "adamw")
    assert (report.verdict, report.footer["fixed"]) == ("conforms", {"weight_decay": "0.01"})


def test_a_decay_that_is_not_there_makes_a_smaller_rule() -> None:
    report = judged(partial.WithoutDecay, "adamw")
    assert (report.verdict, report.footer["matches"], report.exit) == ("variant", "adam", 1)
    assert "conforms with adam; it has no weight decay" in " ".join(str(report).split())
    assert judged(partial.WithoutDecay, "adamw", expected="adam").exit == 0


def test_a_constant_of_its_own_is_another_formula() -> None:
    report = judged(partial.Beta2Fixed, "adam")
    assert (report.verdict, report.exit) == ("deviates", 1)
    assert report.footer["edit"] == "run: beta2 fixed at 0.95: it cannot be set"


@pytest.mark.parametrize(
    ("make", "rule", "verdict", "fixed"),
    [
        (partial.FromZeroToZero, "warmup+cosine_annealing", "conforms", {"lr_min": 0.0, "warmup_start": 0.0}),
        (partial.ToAnEnd, "warmup+cosine_annealing", "conforms", {"lr_min": 3.7e-5, "warmup_start": 0.0}),
        (partial.Halving, "step_decay", "deviates", {"factor": 0.5}),
    ],
)
def test_the_ends_of_a_rate_keep_a_schedule_and_a_factor_does_not(make: Any, rule: str, verdict: str, fixed: dict[str, float]) -> None:
    report = refopt.check(make, rule)
    assert (report.verdict, {n: float(x) for n, x in report.footer["fixed"].items()}) == (verdict, fixed)


def test_a_case_that_cannot_be_asked_is_skipped() -> None:
    cases = ["adam-open-basic-001", "adam-open-dyadic-001", "adam-reject-001", "adam-reject-004"]
    report = refopt.check(partial.EpsFixed, "adam", cases=cases, dtypes=["float64"])
    told = {x.case.id: told_or_none(x.reason) for f in report.found.findings for x in f.ground.lines}
    assert told["adam-reject-004"] == "its step() takes no eps"
    assert report.verdict == "conforms"


ROLES = {
    "adam": {"lr": Role.RATE, "beta1": Role.DECAY, "beta2": Role.DECAY, "eps": Role.EPSILON},
    "adam/eps_hat": {"lr": Role.RATE, "beta1": Role.DECAY, "beta2": Role.DECAY, "eps": Role.EPSILON},
    "rmsprop/eps_in_sqrt": {"lr": Role.RATE, "rho": Role.DECAY, "eps": Role.EPSILON},
    "adamw": {"lr": Role.RATE, "beta1": Role.DECAY, "beta2": Role.DECAY, "eps": Role.EPSILON, "weight_decay": Role.WEIGHT_DECAY},
    "step_decay": {"lr": Role.RATE, "factor": Role.FACTOR, "every": Role.COUNT},
    "warmup+cosine_annealing": {
        "lr": Role.RATE, "lr_min": Role.RATE_END, "period": Role.COUNT, "warmup_start": Role.RATE_START, "warmup_steps": Role.COUNT,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
def test_a_hyperparameter_has_the_role_that_its_place_in_the_formula_gives_it(name: str) -> None:
    concept = catalogue.schedule(name) if name in {s.name for s in catalogue.schedules(variants=True)} else catalogue.rule(name)
    assert {h.name: h.role for h in concept.hyper} == ROLES[name]


@pytest.mark.parametrize(("rule", "gone", "left"), [("adamw", "weight_decay", "adam"), ("momentum", "momentum", "sgd"), ("adam", "beta1", None)])
def test_a_rule_without_a_hyperparameter_is_the_named_rule_that_it_is_proved_to_be(rule: str, gone: str, left: str | None) -> None:
    whole = catalogue.rule(rule)
    without = held(next(h for h in whole.hyper if h.name == gone), "0")
    found = smaller(whole, [without])
    assert without.effect is Effect.SMALLER
    assert (found.name if found is not None else None) == left
