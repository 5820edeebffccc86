"""Edits of a schedule's curve: each another one, none tried before, told in one line."""

from __future__ import annotations

import math

import pytest

import refopt
from refopt.catalogue import schedule, schedules
from refopt.conformance.diagnose.compound_edits import schedule_slips
from refopt.conformance.diagnose.curve_edits import curve_edits
from refopt.golden.mutants import formula, schedule_mutants
from refopt.language.schedule import Schedule
from refopt.report.words import told


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_none_is_the_schedule_and_none_was_tried_before(s: Schedule) -> None:
    texts = [formula(x) for _, x in curve_edits(s)]
    assert len(set(texts)) == len(texts)
    assert not {*(formula(m.schedule) for m in schedule_mutants(s)), *(formula(x) for _, x in schedule_slips(s))} & set(texts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cosine_annealing", "rate: pi -> 3.14"),
        ("cosine_annealing", "rate: pi * min(k, period) / period -> pi*floor(min(k, period) / period)"),
        ("cosine_annealing", "rate: min(k, period) -> k - period*floor(k / period)"),
        ("cosine_annealing", "rate: 0 from k = period on"),
        ("wsd", "rate: lr from k = warmup_steps + stable_steps + span on"),
        ("constant_factor", "rate: where(factor > 0, lr / factor, lr) from k = span on"),
        ("exponential", "rate: factor^k -> exp((-factor)*k)"),
        ("step_decay", "rate: lr*factor^floor(k / every) -> lr - factor*floor(k / every)"),
        ("warmup", "rate: (1 - warmup_start) * k / warmup_steps -> (1 - warmup_start)*(k / warmup_steps)^2"),
        ("warmup+cosine_annealing", "rate: period -> period - warmup_steps"),
        ("warmup+cosine_annealing", "everywhere: warmup_start -> lr_min / lr"),
    ],
)
def test_what_people_write_is_among_them(name: str, text: str) -> None:
    lines = {told(t) for t, _ in curve_edits(schedule(name))}
    assert text in lines, sorted(lines)


class _Line:
    def rate(self, k: int, *, lr: float, lr_min: float, period: int) -> float:
        return lr_min + (lr - lr_min) * (1 - min(k, period) / period)


class _Power:
    def rate(self, k: int, *, lr: float, lr_min: float, period: int) -> float:
        return lr_min + (lr - lr_min) * ((1 + math.cos(math.pi * min(k, period) / period)) / 2) ** 1.5


def test_a_line_is_named_though_its_rounding_is_amplified_and_what_is_no_edit_is_not() -> None:
    assert "1 - min(k, period) / period" in str(refopt.check(_Line, "cosine_annealing").footer["edit"])
    assert refopt.check(_Power, "cosine_annealing").footer["edit"] is None


def test_shares_of_a_rate_may_be_told_in_values_of_it() -> None:
    lines = [told(change) for change, _ in curve_edits(schedule("warmup+cosine_annealing"))]
    shares = "lr*(warmup_start + (1 - warmup_start) * k / warmup_steps) -> warmup_start + (lr - warmup_start) * k / warmup_steps"
    assert f"rate: {shares}" in lines
