"""Exact runs of a model over a case, followed by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.trajectory import Trajectory
from refopt.golden.model import Case, Counting
from refopt.rounding.bound import radii
from refopt.rounding.formats import BFLOAT16, FLOAT32, FLOAT64
from tests.conformance.made import ADAM, HYPER, SGD, case_of

MOMENTUM = rule("momentum")
HALF = in_force(SGD, {"lr": "0.5"}, {})


def _walk(run: Trajectory) -> list[list[Fraction | None]]:
    """theta after every update."""
    thetas = []
    for step in range(len(run.case.grads)):
        if run.moves(step):
            run.advance(run.block(step, FLOAT64))
        thetas.append(list(run.alive()["theta"]))
    return thetas


def test_a_run_goes_its_own_way_from_the_start_of_the_case() -> None:
    case = case_of(MOMENTUM, [["1", "2"], ["1", "2"]])
    hyper = in_force(MOMENTUM, {"lr": "0.5", "momentum": "0.5"}, {})
    # v: g/2, then g/4 + g/2; theta: less g/2, then less 3g/4
    assert _walk(Trajectory.start(Model("momentum", MOMENTUM), case, 0, hyper)) == [[Fraction(1, 2), -3], [Fraction(-1, 4), Fraction(-9, 2)]]


def test_a_state_that_the_case_gives_comes_before_the_one_of_the_rule() -> None:
    given = case_of(MOMENTUM, [["0", "0"]], state0={"v": ("3", "5")})
    assert Trajectory.start(Model("momentum", MOMENTUM), given, 0, HALF).values == {"theta": [1, -2], "v": [3, 5]}
    assert Trajectory.start(Model("momentum", MOMENTUM), case_of(MOMENTUM, [["0", "0"]]), 0, HALF).values == {"theta": [1, -2], "v": [0, 0]}


@pytest.mark.parametrize(("counting", "wanted"), [(Counting.RUN, [3, 5, 6]), (Counting.OWN, [3, 4, 5])])
def test_updates_are_numbered_by_the_run_or_by_the_gradients_of_the_tensor_itself(counting: Counting, wanted: list[int]) -> None:
    run = Trajectory.start(Model("adam", ADAM), case_of(ADAM, [["1", "1"], None, ["1", "1"], ["1", "1"]], t0=3), 0, HYPER, counting)
    assert [run.moves(step) for step in range(5)] == [True, False, True, True, False]
    assert [run.block(step, FLOAT64).t for step in (0, 2, 3)] == wanted


def test_a_long_run_is_followed_to_the_last_update_that_is_kept() -> None:
    case = replace(case_of(SGD, [["1", "1"]] * 9), period=1, keep=(1, 4))
    run = Trajectory.start(Model("sgd", SGD), case, 0, HALF)
    assert [run.moves(step) for step in range(9)] == [True] * 4 + [False] * 5


def test_a_rate_of_the_case_is_that_of_its_own_update() -> None:
    case = case_of(SGD, [["1", "0"], ["1", "0"]], lr=("0.25", "2"))
    assert _walk(Trajectory.start(Model("sgd", SGD), case, 0, HALF)) == [[Fraction(3, 4), -2], [Fraction(-5, 4), -2]]


def _dying(gradient: str) -> Case:
    return case_of(ADAM, [[gradient, "1"], ["1", "1"]], hyper={"eps": "0"})


@pytest.mark.parametrize("gradient", ["nan", "inf", "0"])
def test_an_element_without_a_value_stays_without_one_and_takes_no_other_with_it(gradient: str) -> None:
    """By a gradient that is not finite, or by 0/0 where eps is 0."""
    run = Trajectory.start(Model("adam", ADAM), _dying(gradient), 0, {**HYPER, "eps": Fraction(0)})
    thetas = _walk(run)
    assert [theta[0] for theta in thetas] == [None, None] and run.dead == {0}
    assert [round(float(theta[1] or 0), 9) for theta in thetas] == [-2.001, -2.002]


def test_the_bound_of_an_update_grows_by_what_the_one_before_may_have_been_off() -> None:
    model = Model("sgd", SGD)
    run, again = (Trajectory.start(model, case_of(SGD, [["1", "1"]] * 2), 0, HALF) for _ in range(2))
    for step in range(2):
        block = run.block(step, FLOAT32)
        (bound,) = radii(SGD, [block])
        run.advance(block, bound)
        again.advance(again.block(step, FLOAT32))
    (carried,), (alone,) = radii(SGD, [run.block(1, FLOAT32)]), radii(SGD, [again.block(1, FLOAT32)])
    assert run.radii is not None and again.radii is None
    for with_error, without in zip(carried["theta"].exact(), alone["theta"].exact(), strict=True):
        assert with_error is not None and without is not None and with_error > without


def test_the_bound_is_that_of_the_format_that_the_model_is_computed_in() -> None:
    for model, f in ((Model("sgd", SGD), FLOAT32), (Model("sgd", SGD, bound_in=BFLOAT16), BFLOAT16)):
        assert Trajectory.start(model, case_of(SGD, [["1", "1"]]), 0, HALF).block(0, FLOAT32).format == f
