"""The search for a name has a time limit; the limit never makes a name, and named formulas are tried whatever it is."""

from __future__ import annotations

import math
import time
from functools import cache
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.conformance.diagnose.budget import WAITING, Budget, SearchIsOver
from refopt.report.report import Report
from refopt.testing import assert_conforms
from tests.implementations.planted import adam

CASES = ["adam-open-basic-001", "adam-open-dyadic-001"]


class Squashed:
    """Adam whose step goes through a function that is in no formula."""

    def init(self, theta: Any) -> dict[str, Any]:
        """Moments of zero."""
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(
        self, theta: Any, g: Any, state: dict[str, Any], t: int, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> tuple[Any, dict[str, Any]]:
        """One update."""
        m, v = beta1 * state["m"] + (1 - beta1) * g, beta2 * state["v"] + (1 - beta2) * g * g
        step = np.arctan((m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps))
        return theta - lr * step, {"m": m, "v": v}


@cache
def without_search() -> Report:
    return refopt.check(Squashed, "adam", cases=CASES, dtypes=["float64"], search=0)


def test_without_time_the_verdict_and_the_first_difference_stand_and_no_edit_is_named() -> None:
    report = without_search()
    (diagnosis,) = [x for x in report.lines() if x["kind"] == "diagnosis"]
    assert (report.verdict, report.footer["edit"]) == ("deviates", None)
    assert diagnosis["search_stopped"]["seconds"] == 0
    assert diagnosis["first_difference"]["case"] == "adam-open-basic-001"
    assert "no edit was searched for (--search 0)" in " ".join(str(report).split())


def test_a_search_that_is_stopped_says_how_far_it_had_come() -> None:
    report = refopt.check(Squashed, "adam", cases=CASES, dtypes=["float64"], search=0.05)
    assert report.found.worst.diagnosis.explanation is not None and report.found.worst.diagnosis.explanation.stopped is not None
    page = " ".join(str(report).split())
    assert "The search stopped after 0.05 s: " in page and "formulas and causes were tried" in page and "--search 0.2 goes on." in page


def test_an_edit_is_not_named_where_there_was_no_time_for_it_and_is_where_there_was() -> None:
    stopped, found = (refopt.check(adam.beta1_corrects_v, "adam", cases=CASES, dtypes=["float64"], search=s) for s in (0.0, math.inf))
    assert (stopped.verdict, stopped.footer["edit"]) == ("deviates", None)
    assert (found.verdict, found.footer["edit"]) == ("deviates", "v_hat: 1 - beta2^t -> 1 - beta1^t")


def test_seconds_are_of_computing_and_waiting_ends_too() -> None:
    budget = Budget(0.02)
    with budget.running():
        time.sleep(0.04)
        budget.check()
        with pytest.raises(SearchIsOver):
            while True:
                budget.check()
    waiting = Budget(0.02)
    with waiting.running(), pytest.raises(SearchIsOver):
        time.sleep(0.02 * WAITING + 0.01)
        waiting.check()


def test_a_named_variant_is_found_whatever_the_time() -> None:
    name = "python:tests.implementations.adam_eps_in_sqrt:make"
    report = refopt.check(name, "adam", cases=["adam-open-basic-001", "adam-open-eps-001"], dtypes=["float64"], search=0)
    assert report.footer["matches"] == "adam/eps_in_sqrt"


def test_the_verdict_is_told_before_the_search_begins_and_only_then() -> None:
    told: list[str] = []
    refopt.check(Squashed, "adam", cases=CASES, dtypes=["float64"], search=0.01, first=lambda v: told.append(v.worst.verdict))
    assert told == ["deviates"]
    refopt.check("refopt.generated.numpy.sgd", cases=["sgd-open-basic-001"], dtypes=["float64"], first=lambda v: told.append("again"))
    assert told == ["deviates"]


def squashed(p, g, m, v, t, lr=0.001):  # type: ignore[no-untyped-def]
    """As `Squashed`, with constants of its own, none of which is a usual one."""
    m, v = 0.85 * m + 0.15 * np.tanh(g), 0.97 * v + 0.03 * np.tanh(g) ** 2
    return p - lr * (m / (1 - 0.85**t)) / (np.sqrt(v / (1 - 0.97**t)) + 1e-5), m, v


def test_where_values_of_its_own_may_be_why_it_does_not_fit_no_verdict_is_told_before() -> None:
    told: list[str] = []
    report = refopt.check(squashed, "adam", cases=CASES, dtypes=["float64"], search=0.01, first=lambda v: told.append(v.worst.verdict))
    assert (report.verdict, told) == ("skipped", [])


def test_the_closest_is_not_told_where_it_is_far() -> None:
    assert without_search().found.worst.diagnosis.explanation is not None
    assert without_search().found.worst.diagnosis.explanation.closest is None
    assert "closest" not in str(without_search())


def test_a_test_suite_can_set_the_limit() -> None:
    with pytest.raises(refopt.NotAsExpected) as error:
        assert_conforms(Squashed, "adam", dtypes=["float64"], cases=CASES, search=0)
    assert str(error.value).splitlines()[0].startswith("test_budget:Squashed deviates from adam")


def test_time_counts_only_while_the_search_runs() -> None:
    budget = Budget(0)
    budget.check()
    with budget.running(), pytest.raises(SearchIsOver):
        budget.check()
    budget.check()
