"""Hyperparameters that move from update to update, by a schedule or by a list."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import refopt
from refopt.catalogue import rule, schedule
from refopt.errors import OutsideDomain, RefoptError, UnknownName
from refopt.exact.course import course
from refopt.exact.mpmath_numbers import to_fraction
from refopt.exact.numbers import arb_numbers, decimal_numbers, has_arb, mpmath_numbers
from refopt.exact.run import open_loop

GRADIENTS = [[Fraction(1)], [Fraction(-1, 2)], [Fraction(3, 4)]]


def test_momentum_from_a_list_is_the_recursion_by_hand() -> None:
    momentum = rule("momentum")
    moved = course(momentum, "momentum", ["0.5", "0.25", "0"], Fraction(0), 3)
    steps = open_loop(momentum, hyper=momentum.values({"lr": "0.5"}), theta0=[Fraction(1)], gradients=GRADIENTS, courses={"momentum": moved})
    # v: 1/2; 1/8 - 1/4 = -1/8; 0 + 3/8. theta: 1 - 1/2; 1/2 + 1/8; 5/8 - 3/8
    assert [to_fraction(s.state["v"][0]) for s in steps] == [Fraction(1, 2), Fraction(-1, 8), Fraction(3, 8)]
    assert [to_fraction(s.theta[0]) for s in steps] == [Fraction(1, 2), Fraction(5, 8), Fraction(1, 4)]


@pytest.mark.parametrize("numbers", [mpmath_numbers, decimal_numbers, arb_numbers], ids=lambda f: f.__name__)
def test_a_course_is_the_same_in_every_sort_of_numbers(numbers: Any) -> None:
    if numbers is arb_numbers and not has_arb():
        pytest.skip("python-flint is not installed")
    adamw = rule("adamw")
    moved = {"weight_decay": course(adamw, "weight_decay", schedule("exponential"), Fraction(1, 8), 3)}
    ours, other = (open_loop(adamw, hyper=adamw.values(), theta0=[Fraction(1)], gradients=GRADIENTS, courses=moved, numbers=n(), digits=40)
                   for n in (mpmath_numbers, numbers))  # fmt: skip
    for a, b in zip(ours, other, strict=True):
        assert abs(to_fraction(a.theta[0]) - numbers().interval(b.theta[0])[0]) < Fraction(1, 10**38)


def test_a_course_that_stays_where_it_is_changes_nothing() -> None:
    still = refopt.run("adam", "ravine", steps=5, digits=30)
    assert refopt.run("adam", "ravine", steps=5, digits=30, schedules={"beta1": ["0.9"] * 5, "eps": "constant"}).texts() == still.texts()


def test_the_rate_may_follow_its_schedule_by_either_way() -> None:
    asked = {"milestones": [2, 4], "factor": "0.5"}
    one = refopt.run("sgd", "ravine", steps=6, digits=30, schedule="multi_step", schedule_hyper={**asked, "lr": rule("sgd").defaults["lr"]})
    other = refopt.run("sgd", "ravine", steps=6, digits=30, schedules={"lr": ("multi_step", asked)})
    assert one.texts() == other.texts() and [s.lr for s in one.steps] == [s.lr for s in other.steps]


def test_a_schedule_begins_at_the_hyperparameters_own_value() -> None:
    moved = course(rule("momentum"), "momentum", schedule("step_decay"), Fraction(7, 8), 2)
    assert moved.hyper["lr"] == Fraction(7, 8)


def test_momentum_goes_down_while_the_rate_goes_up() -> None:
    made = refopt.run("momentum", "ravine", steps=3, digits=30, schedule="warmup", schedule_hyper={"warmup_steps": 3},
                      schedules={"momentum": ["0.95", "0.9", "0.85"]})  # fmt: skip
    (a, b) = (float(s.lr) for s in made.steps[:2])
    assert a < b


@pytest.mark.parametrize(
    ("follows", "error", "told"),
    [
        (["0.5"], RefoptError, "1 values of momentum for 3 updates"),
        (["0.5", "1.5", "0.5"], OutsideDomain, "update 2: momentum = 1.5 is outside"),
        (["0.5", "x", "0.5"], OutsideDomain, "update 2: momentum = 'x' is not a number"),
        (("exponential", {"factor": "2"}), OutsideDomain, "update 2: exponential gives momentum = 1.8, outside"),
        (0.5, RefoptError, "momentum cannot follow 0.5"),
        ("cosine", UnknownName, "no schedule 'cosine'"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused_in_one_line(follows: Any, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        refopt.run("momentum", "ravine", steps=3, schedules={"momentum": follows})


def test_a_hyperparameter_that_there_is_not_and_a_rate_that_moves_twice_are_refused() -> None:
    with pytest.raises(UnknownName, match="mu"):
        refopt.run("momentum", "ravine", steps=3, schedules={"mu": [1, 1, 1]})
    with pytest.raises(RefoptError, match="lr follows a schedule twice"):
        refopt.run("sgd", "ravine", steps=3, schedule="constant", schedules={"lr": [1, 1, 1]})
    with pytest.raises(RefoptError, match="schedules is a list"):
        refopt.run("sgd", "ravine", steps=3, schedules=["constant"])  # type: ignore[arg-type]
