"""A schedule whose lengths are fixed is looked at around the boundaries of those lengths, and a trial of a value without a rate is no error."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import refopt


def _cosine(k: float, length: float, lr: float) -> float:
    return lr * (1 + math.cos(math.pi * k / length)) / 2


def by_comparison(step: int, lr: float = 0.1) -> float:
    """Periods of 10, 30, 90 ... steps, the restart found by taking off whole periods."""
    k, length = step, 10
    while k >= length:
        k, length = k - length, 3 * length
    return _cosine(k, length, lr)


def by_logarithm(step: int, lr: float = 0.1) -> float:
    """The same, the restart found by a logarithm, which is 4.999... for 243: the restart at 1210 comes late."""
    i = int(math.log(1 + 2 * step / 10, 3))
    return _cosine(step - 10 * (3**i - 1) // 2, 10 * 3**i, lr)


@pytest.mark.parametrize(("function", "verdict"), [(by_comparison, "conforms"), (by_logarithm, "deviates")])
def test_restarts_of_fixed_periods_are_looked_at_where_they_fall(function: Callable[..., float], verdict: str) -> None:
    assert refopt.check(function, "cosine_warm_restarts/growing", search=0.0).verdict == verdict


def test_what_is_seen_first_is_the_restart_that_the_logarithm_misses() -> None:
    assert math.log(243, 3) < 5, "elsewhere the logarithm may be exact, and the schedule right"
    finding = refopt.check(by_logarithm, "cosine_warm_restarts/growing", search=0.0).found.worst
    results = finding.diagnosis.explanation.reference.results  # type: ignore[union-attr]
    assert {r.first.place.t for r in results if r.first is not None} == {1210}
