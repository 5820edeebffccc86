"""Cosines that restart further apart each time: how frameworks are asked, and a restart that is found by a logarithm in binary64."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from typing import Any

import pytest

from refopt.conformance.verdict.judgement import judge
from refopt.frameworks import load
from refopt.frameworks.own.schedule_object import ScheduleObject

TORCH = "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts"


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [("", ""), ("(T_mult=1)", ""), ("(T_mult=2)", "/growing"), ("(T_mult=3, T_0=4)", "/growing"), ("(T_0=4)", "")],
)
def test_torch_is_what_its_multiplier_says(arguments: str, rule: str) -> None:
    pytest.importorskip("torch", reason="torch is in the test extra; without it there is no scheduler to run")
    assert load(f"{TORCH}{arguments}", None).rule == f"cosine_warm_restarts{rule}"


@pytest.mark.parametrize("rule", ["cosine_warm_restarts", "cosine_warm_restarts/growing", "cosine_warm_restarts/lowered"])
def test_a_list_of_cosines_is_judged_as_each_of_them(rule: str) -> None:
    if importlib.util.find_spec("optax") is None:
        pytest.skip("optax is not installed")
    finding = judge(load("optax.sgdr_schedule", rule)).findings[0]
    assert (finding.verdict, finding.precision) == ("conforms", "full")


def _judged(index: Callable[[float, int], int]) -> Any:
    def rate(k: int, lr: float, lr_min: float, period: int, period_mult: int) -> float:
        i = index(1 + k / period * (period_mult - 1), period_mult)
        begin = period * (period_mult**i - 1) // (period_mult - 1)
        return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (k - begin) / (period * period_mult**i))) / 2

    return judge(ScheduleObject("mine", "", "cosine_warm_restarts/growing", type("Made", (), {"rate": staticmethod(rate)}))).findings[0]


def test_a_restart_that_a_logarithm_in_binary64_misses_by_a_step_deviates() -> None:
    """log(243)/log(3) is below 5 there: the fifth restart of lengths that are tripled is a step late."""
    assert _judged(lambda x, base: int(math.log(x, base))).verdict == "deviates"


def test_the_same_that_counts_divisions_conforms() -> None:
    def divisions(x: float, base: int) -> int:
        i = 0
        while base <= x:
            x, i = x / base, i + 1
        return i

    assert _judged(divisions).verdict == "conforms"
