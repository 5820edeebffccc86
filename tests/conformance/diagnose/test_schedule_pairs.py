"""Two edits of a schedule: found where two were made, one inside the other or beside it, and none where no two explain it."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

import refopt
from refopt.catalogue import schedule
from refopt.conformance.diagnose.budget import Budget, SearchIsOver
from refopt.conformance.diagnose.schedule_pairs import Pairs, Points, search_pairs
from refopt.golden import store
from refopt.report.words import told


class Rate:
    """A schedule with a rate function."""

    def __init__(self, rate: Callable[..., float]) -> None:
        self.rate = rate


def _starts_late_and_stays_above(k: int, *, lr: float, lr_min: float, period: int) -> float:
    """max(lr_min, ...) and k + 1: the second edit stands inside what the first has kept."""
    return max(lr_min, lr * (1 + math.cos(math.pi * min(k + 1, period) / period)) / 2)


def _share_of_one_more(k: int, *, lr: float, warmup_start: float, warmup_steps: int) -> float:
    """(k + 1)/(warmup_steps + 1): two edits beside each other."""
    return lr * (warmup_start + (1 - warmup_start) * (k + 1) / (warmup_steps + 1)) if k < warmup_steps else lr


@pytest.mark.parametrize(
    ("name", "rate", "parts"),
    [
        ("cosine_annealing", _starts_late_and_stays_above, ("max(lr_min", "k + 1")),
        ("warmup", _share_of_one_more, ("k + 1", "warmup_steps + 1")),
        ("step_decay", lambda k, *, lr, factor, every: lr * factor ** -((-k - 1) // every) / 2, ()),
    ],
    ids=["inside", "beside", "none"],
)
def test_two_edits_are_told_where_two_were_made(name: str, rate: Callable[..., float], parts: tuple[str, ...]) -> None:
    finding = refopt.check(Rate(rate), name).found.worst
    assert finding.verdict == "deviates"
    if not parts:
        assert finding.diagnosis.edit is None
        return
    assert finding.diagnosis.edit is not None and finding.diagnosis.edits == 2
    lines = [told(e) for e in finding.diagnosis.equal_edits or (finding.diagnosis.edit,)]
    assert any(all(p in text for p in parts) for text in lines), lines


def test_the_clock_ends_the_search_and_a_name_is_then_not_told() -> None:
    s = schedule("cosine_annealing")
    case = store.cases(s.name)[0]
    points = Points.of([(s.values(case.hyper), case.steps, [1.0] * len(case.steps))], 2.0**-20)
    budget = Budget(1e-9)
    with budget.running(), pytest.raises(SearchIsOver):
        search_pairs(s, points, Pairs(), budget)
    finding = refopt.check(Rate(_starts_late_and_stays_above), s.name, search=0).found.worst
    assert finding.diagnosis.edit is None and finding.diagnosis.explanation is not None and finding.diagnosis.explanation.stopped is not None


def test_rates_that_are_not_numbers_are_explained_by_no_two_edits() -> None:
    s = schedule("exponential")
    case = store.cases(s.name)[0]
    found = Pairs()
    search_pairs(s, Points.of([(s.values(case.hyper), case.steps, [math.nan] * len(case.steps))], 2.0**-20), found, Budget())
    assert not found.left and found.ruled_out > 100
