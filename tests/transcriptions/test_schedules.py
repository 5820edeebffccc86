"""The schedules' transcriptions by themselves: rates by hand, and identities. No refopt."""

from __future__ import annotations

from decimal import Decimal

import pytest

from . import SCHEDULES, Hyper, Schedule
from .by_hand import Watched, agree, all_agree, given, number, numbers, root

SCHEDULES_BY_HAND = 16


def cosine_hand() -> list[Decimal]:
    """1 + 4 (1 + cos(k pi/6))/2 for k = 0 to 6."""
    return [Decimal(5), 3 + root(3), Decimal(4), Decimal(3), Decimal(2), 3 - root(3), Decimal(1)]


def schedule_hand() -> list[tuple[str, Hyper, list[Decimal]]]:
    """Name, hyperparameters, and every rate from k = 0."""
    cycle = cosine_hand()
    annealed = given(lr=5, lr_min=1, period=6)
    ramp = given(warmup_start="1/4", warmup_steps=2)
    return [
        ("constant", given(lr="1/3"), numbers("1/3", "1/3", "1/3")),
        ("step_decay", given(lr=3, factor="1/2", every=3), numbers(3, 3, 3, "3/2", "3/2", "3/2", "3/4")),
        ("step_decay", given(lr=3, factor="1/3", every=1), numbers(3, 1, "1/3", "1/9")),
        ("multi_step", {**given(lr=3, factor="1/3"), "milestones[0]": Decimal(2), "milestones[1]": Decimal(4)}, numbers(3, 3, 1, 1, "1/3")),
        ("multi_step", {**given(lr=3, factor="1/3"), **{f"milestones[{i}]": Decimal(x) for i, x in enumerate((2, 0, 2))}}, numbers(1, 1, "1/9")),
        ("exponential", given(lr=3, factor="1/4"), numbers(3, "3/4", "3/16", "3/64")),
        ("cosine_annealing", annealed, [*cycle, Decimal(1), Decimal(1), Decimal(1)]),
        ("cosine_annealing", given(lr=5, lr_min=1, period=1), numbers(5, 1, 1, 1)),
        ("cosine_annealing/periodic", annealed, [*cycle, *cycle[-2::-1], *cycle[1:], *cycle[-2::-1]]),
        ("cosine_annealing/periodic", given(lr=5, lr_min=1, period=1), numbers(5, 1, 5, 1, 5)),
        ("warmup", given(lr=2, warmup_start="1/4", warmup_steps=3), numbers("1/2", 1, "3/2", 2, 2, 2)),
        ("warmup", given(lr=2, warmup_start=0, warmup_steps=3), numbers(0, "2/3", "4/3", 2, 2, 2)),
        ("warmup", given(lr=2, warmup_start="1/4", warmup_steps=0), numbers(2, 2, 2)),
        ("warmup_cosine", {**annealed, **ramp}, [*numbers("5/4", "25/8"), *cycle, Decimal(1), Decimal(1)]),
        ("warmup_cosine", {**annealed, **ramp, "warmup_steps": Decimal(0)}, [*cycle, Decimal(1)]),
        ("warmup_cosine/periodic", {**annealed, **ramp}, [*numbers("5/4", "25/8"), *cycle, *cycle[-2::-1], *cycle[1:]]),
    ]


@pytest.mark.parametrize("index", range(SCHEDULES_BY_HAND))
def test_rates_by_hand(index: int) -> None:
    name, hyper, expected = schedule_hand()[index]
    assert all_agree(expected, [SCHEDULES[name].rate(k, hyper) for k in range(len(expected))])


@pytest.mark.parametrize("index", range(SCHEDULES_BY_HAND))
def test_rates_by_hand_from_the_recursion(index: int) -> None:
    name, hyper, expected = schedule_hand()[index]
    assert all_agree(expected, SCHEDULES[name].recursion(len(expected), hyper))


def test_rates_by_hand_are_of_every_family_but_those_that_were_added_since() -> None:
    by_hand = {name for name, _, _ in schedule_hand()}
    assert {"constant", "step_decay", "exponential", "cosine_annealing", "warmup", "warmup_cosine"} <= by_hand <= set(SCHEDULES)
    assert len(schedule_hand()) == SCHEDULES_BY_HAND


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=list(SCHEDULES))
def test_closed_form_and_recursion_agree_at_odd_numbers(schedule: Schedule) -> None:
    values = {
        "lr": 0.1,
        "lr_min": 0.003,
        "factor": 0.97,
        "every": 7,
        "period": 37,
        "warmup_start": 0.05,
        "warmup_steps": 11,
        "span": 37,
        "slope": 0.7,
        "period_mult": 3,
        "cycles": 4,
        "stable_steps": 13,
        "total_steps": 53,
        "pct_start": 0.31,
        "pct_final": 0.83,
        "div_factor": 7,
        "final_div_factor": 31,
        "lr_max": 0.9,
        "half_cycle": 11,
        "lower": 5,
        "upper": 2.5,
        "length_1": 17,
        "length_2": 29,
        "scale_1": 0.3,
        "scale_2": 1.7,
        "waves": 0.7,
        "timescale": 9,
        "model_size": 7,
        "degree": 1.7,
        "start_factor": 0.3,
        "end_factor": 0.9,
        "milestones[0]": 40,
        "milestones[1]": 7,
        "patience": 2,
        "threshold": 0.1,
        "cooldown": 3,
        "eps": 1e-8,
        **{f"metrics[{i}]": x for i, x in enumerate((*range(40, 30, -2), *(31, 33, 30) * 5, 9, 8.5, 8, *(8.1, 7.9, 8) * 4, 2, 3, 2, 3, 2))},
    }
    hyper = Watched({name: Decimal(values[name]) for name in schedule.hyper})
    closed = [schedule.rate(k, hyper) for k in range(120)]
    assert set(schedule.hyper) == hyper.read
    assert all_agree(closed, schedule.recursion(120, hyper))
    assert all_agree(closed[:5], schedule.recursion(5, hyper))
    assert schedule.recursion(0, hyper) == ()


def test_cosine_annealing_stays_or_rises_again() -> None:
    hyper = given(lr=1, lr_min="1/10", period=8)
    stays, rises = SCHEDULES["cosine_annealing"].rate, SCHEDULES["cosine_annealing/periodic"].rate
    for k in range(9):
        assert agree(stays(k, hyper), rises(k, hyper))
    for k in range(9, 16):
        assert hyper["lr_min"] == stays(k, hyper) < rises(k, hyper)
        assert agree(rises(16 - k, hyper), rises(k, hyper))
    assert agree(hyper["lr"], rises(16_000_000, hyper))


def test_cosine_annealing_may_rise_towards_a_larger_minimum() -> None:
    assert agree(number("3/2"), SCHEDULES["cosine_annealing"].rate(1, given(lr=1, lr_min=2, period=2)))


def test_warmup_reaches_the_full_rate_at_its_last_step_and_not_before() -> None:
    hyper = given(lr=1, warmup_start="1/2", warmup_steps=10)
    assert agree(number("19/20"), SCHEDULES["warmup"].rate(9, hyper))
    assert Decimal(1) == SCHEDULES["warmup"].rate(10, hyper) == SCHEDULES["warmup"].rate(11, hyper)


@pytest.mark.parametrize("name", ["step_decay", "cosine_annealing", "cosine_annealing/periodic", "warmup"])
def test_half_a_step_is_refused(name: str) -> None:
    half = given(lr=1, lr_min=0, factor="1/2", every="1/2", period="1/2", warmup_start=0, warmup_steps="1/2")
    with pytest.raises(ValueError, match="whole number of steps"):
        SCHEDULES[name].rate(1, half)
