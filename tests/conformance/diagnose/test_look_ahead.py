"""Code that takes its gradient elsewhere: it may say where, and is then judged at those points."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt.report.report import Report
from tests.conformance import partial

CASES = [f"nesterov-open-{c}-001" for c in ("basic", "dyadic", "low", "rate")]


def judged(make: Any, dtype: str = "float64") -> Report:
    return refopt.check(make, "nesterov", cases=CASES, dtypes=[dtype])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_look_ahead_momentum_that_says_where_it_takes_its_gradients_is_nesterov(dtype: str) -> None:
    report = judged(partial.SaysWhere, dtype)
    assert (report.verdict, report.exit) == ("conforms", 0)


def test_where_it_does_not_say_so_the_verdict_says_what_that_would_mean() -> None:
    report = judged(partial.LookAhead)
    assert report.footer["matches"] == "momentum"
    assert "If its gradient is meant at theta - momentum*v, it may be nesterov" in " ".join(str(report).split())


def test_a_look_ahead_that_goes_too_far_is_no_nesterov() -> None:
    class TooFar(partial.SaysWhere):
        """The point is twice as far."""

        def propose(self, theta: Any, state: dict[str, Any], t: int, momentum: float = 0.9) -> Any:
            """Twice as far as momentum leads."""
            return theta + 2 * theta.dtype.type(momentum) * state["speed"]

    assert judged(TooFar).verdict == "deviates"
