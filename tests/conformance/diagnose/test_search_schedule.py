"""What explains a schedule that is not the reference."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

import refopt


class Rate:
    """A schedule with a rate function."""

    def __init__(self, rate: Callable[..., float]) -> None:
        self.rate = rate


def _cosine(k: int, *, lr: float, lr_min: float, period: int, angle: float = math.pi) -> float:
    return lr_min + (lr - lr_min) * (1 + math.cos(angle * min(k, period) / period)) / 2


@pytest.mark.parametrize(
    ("rate", "edit"),
    [
        (lambda k, **h: _cosine(k, **h, angle=1.0), "rate: pi*min(k, period) -> min(k, period)"),
        (lambda k, **h: _cosine(k + 1, **h), "rate: k -> k + 1"),
    ],
    ids=["without pi", "one step early"],
)
def test_one_edit_of_a_cosine_is_named(rate: Callable[..., float], edit: str) -> None:
    footer: dict[str, Any] = refopt.check(Rate(rate), "cosine_annealing").footer
    assert (footer["verdict"], footer["edit"], footer["nearest"], footer["ambiguous"]) == ("deviates", edit, "cosine_annealing", False)


def test_a_named_variant_comes_before_any_edit() -> None:
    report = refopt.check(Rate(lambda k, *, lr, lr_min, period: lr_min + (lr - lr_min) * (1 + math.cos(math.pi * k / period)) / 2), "cosine_annealing")
    assert (report.footer["verdict"], report.footer["matches"]) == ("variant", "cosine_annealing/periodic")


def test_what_is_no_edit_of_any_schedule_is_said_so() -> None:
    report = refopt.check(Rate(lambda k, *, lr, factor: lr - 0.001 * k * factor), "exponential")
    assert report.footer["verdict"] == "deviates"
    assert report.footer["edit"] is None
