"""What a schedule is sent and takes otherwise is told by name; what a framework is known to answer wrongly is told beside the verdict."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import refopt
from refopt.report.words import told_or_none


class Rate:
    """A schedule with a rate function."""

    def __init__(self, rate: Callable[..., float]) -> None:
        self.rate = rate


def _cosine(k: int, lr: float, lr_min: float, period: int) -> float:
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2


def _lr_or_default(k: int, *, lr: float, lr_min: float, period: int) -> float:
    return _cosine(k, lr or 0.1, lr_min, period)


def _floor_or_a_little(k: int, *, lr: float, lr_min: float, period: int) -> float:
    return _cosine(k, lr, lr_min or 1e-6, period)


def _factor_or_default(k: int, *, lr: float, factor: float) -> float:
    return lr * (factor or 0.95) ** k


def _capped(k: int, *, lr: float, factor: float, every: int) -> float:
    return min(lr, 1.0) * factor ** (k // every)


def _two_or_default(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    lr, warmup_start = lr or 0.1, warmup_start or 0.001
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else lr


@pytest.mark.parametrize(
    ("name", "rate", "edit"),
    [
        ("cosine_annealing", _lr_or_default, "lr = 0 is taken as 0.1 (its default)"),
        ("cosine_annealing", _floor_or_a_little, "lr_min = 0 is taken as 1e-06"),
        ("exponential", _factor_or_default, "factor = 0 is taken as 0.95 (its default)"),
        ("step_decay", _capped, "lr above 1 is cut to 1"),
        ("warmup", _two_or_default, "lr = 0 is taken as 0.1 (its default); warmup_start = 0 is taken as 0.001"),
    ],
)
def test_what_is_taken_otherwise_is_named(name: str, rate: Callable[..., float], edit: str) -> None:
    finding = refopt.check(Rate(rate), name).found.worst
    assert (finding.verdict, told_or_none(finding.diagnosis.edit), finding.diagnosis.nearest) == ("deviates", edit, name)


def test_a_value_that_a_zero_is_taken_as_now_and_then_is_not_named() -> None:
    def rate(k: int, *, lr: float, factor: float) -> float:
        return lr * (factor or (0.5 if k % 2 else 0.25)) ** k

    finding = refopt.check(Rate(rate), "exponential", search=5).found.worst
    assert finding.verdict == "deviates" and "taken as" not in str(told_or_none(finding.diagnosis.edit))


def test_what_optax_documents_otherwise_is_a_known_bug_beside_a_verdict_that_it_does_not_spoil() -> None:
    pytest.importorskip("optax")
    for spelled in ("optax.exponential_decay", "optax.exponential_decay(staircase=True)"):
        report = refopt.check(spelled)
        assert report.verdict == "conforms" and report.exit == 0
        assert any("factor of 0" in bug for bug in report.footer["known_bugs"]), spelled


def test_a_schedule_of_another_maker_that_does_the_same_is_accused() -> None:
    finding = refopt.check(Rate(lambda k, *, lr, factor: lr * factor**k if factor else lr), "exponential").found.worst
    assert finding.verdict == "deviates" and told_or_none(finding.diagnosis.edit) == "factor = 0 is taken as 1"
