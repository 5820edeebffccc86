"""Updates side by side: nothing is lost on the way into the arrays of a quick look, nothing stands twice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.diagnose.batches import SOME, fresh, of_runs, of_updates, some_then_all
from refopt.conformance.judge.model import Model, Scalars
from refopt.golden.model import Counting, Parameter
from refopt.rounding.formats import FLOAT64
from tests.conformance.made import SGD, at_rate, case_of, observed, update

MOMENTUM = rule("momentum")


def test_every_element_of_every_update_stands_once_in_order() -> None:
    u = [
        update({"theta": [1.0, 2.0]}, {"theta": [10.0, 20.0]}, [0.1, 0.2], case=3),
        at_rate(update({"theta": [4.0]}, {"theta": [40.0]}, [0.4], t=5, case=7), 0.5, 0.25),
        update({"theta": [6.0, 7.0, 8.0]}, {"theta": [60.0, 70.0, 80.0]}, [0.6, 0.7, 0.8], t=2, case=3),
    ]
    span = of_updates(u)
    assert span.case.tolist() == [3, 3, 7, 3, 3, 3]
    assert span.before["theta"].tolist() == [1, 2, 4, 6, 7, 8]
    assert [x["theta"].tolist() for x in span.after] == [[10, 20, 40, 60, 70, 80]]
    assert [x.tolist() for x in span.g] == [[0.1, 0.2, 0.4, 0.6, 0.7, 0.8]]
    assert [x.tolist() for x in span.t] == [[1, 1, 5, 2, 2, 2]]
    assert np.array_equal(span.lr[0], [np.nan, np.nan, 0.5, np.nan, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(span.lr_before, [np.nan, np.nan, 0.25, np.nan, np.nan, np.nan], equal_nan=True)


def test_an_update_without_a_gradient_is_left_out() -> None:
    u = [update({"theta": [1.0]}, {"theta": [1.0]}, None), update({"theta": [2.0]}, {"theta": [3.0]}, [1.0], case=1)]
    span = of_updates(u)
    assert span.case.tolist() == [1] and span.before["theta"].tolist() == [2]
    assert len(of_updates(u[:1]).case) == 0 and of_updates([]).before["theta"].tolist() == []


def test_a_buffer_that_an_update_has_not_yet_is_absent_there_and_stands_by_its_own_element_elsewhere() -> None:
    u = [update({"theta": [1.0, 2.0]}, {"theta": [1.0, 2.0], "m": [5.0, 6.0]}, [0.0, 0.0]), update({"theta": [3.0], "m": [7.0]}, {"theta": [3.0]}, [0.0])]
    span = of_updates(u)
    assert np.array_equal(span.before["m"], [np.nan, np.nan, 7.0], equal_nan=True)
    assert np.array_equal(span.after[0]["m"], [5.0, 6.0, np.nan], equal_nan=True)


def test_runs_go_on_side_by_side_and_the_shorter_one_ends_in_nothing() -> None:
    short = observed(SGD, case_of(SGD, [["1", "2"]]), [[3, 4]])
    long = observed(SGD, case_of(SGD, [["5"], ["6"]], ["7"], lr=("0.5", "0.25")), [[8], [9]])
    span = of_runs([(4, short), (6, long)])
    assert span.case.tolist() == [4, 4, 6] and span.before["theta"].tolist() == [1, -2, 7]
    assert np.array_equal(np.stack(span.g), np.array([[1, 2, 5], [np.nan, np.nan, 6]]), equal_nan=True)
    assert np.array_equal(np.stack([x["theta"] for x in span.after]), np.array([[3, 4, 8], [np.nan, np.nan, 9]]), equal_nan=True)
    assert np.array_equal(np.stack(span.lr), np.array([[np.nan, np.nan, 0.5], [np.nan, np.nan, 0.25]]), equal_nan=True)
    assert [x.tolist() for x in span.t] == [[1, 1, 1], [2, 2, 2]]


def test_a_hyperparameter_that_changes_has_its_value_in_each_update_and_nothing_where_it_holds() -> None:
    holds = observed(MOMENTUM, case_of(MOMENTUM, [["1"], ["1"]], ["1"]), [[3], [4]])
    short = observed(MOMENTUM, case_of(MOMENTUM, [["1"]], ["1"], courses={"momentum": ("0.25",)}), [[3]])
    moves = observed(MOMENTUM, case_of(MOMENTUM, [["5"], ["6"]], ["7"], courses={"momentum": ("0.5", "0.75")}), [[8], [9]])
    span = of_runs([(0, holds), (1, short), (2, moves)])
    assert [list(x) for x in span.moved] == [["momentum"], ["momentum"]]
    assert np.array_equal(np.stack([x["momentum"] for x in span.moved]), np.array([[np.nan, 0.25, 0.5], [np.nan, np.nan, 0.75]]), equal_nan=True)
    hypers = [{"lr": Fraction(1, 2), "momentum": Fraction(7, 8)}] * 3
    scalars = span.scalars(Model("momentum", MOMENTUM), hypers, FLOAT64)
    assert [x["momentum"].x.tolist() for x in scalars] == [[0.875, 0.25, 0.5], [0.875, 0.875, 0.75]]
    slow = Model("momentum", MOMENTUM, scalars=lambda hyper, t, f: Scalars({n: x / 2 for n, x in hyper.items()}))
    assert [x["momentum"].x.tolist() for x in span.scalars(slow, hypers, FLOAT64)] == [[0.4375, 0.125, 0.25], [0.4375, 0.4375, 0.375]]
    assert not of_runs([(0, holds)]).moved
    u = [update({"theta": [1.0, 2.0]}, {"theta": [1.0, 2.0]}, [0.5, 0.5]), update({"theta": [3.0]}, {"theta": [3.0]}, [0.5])]
    u[1] = replace(u[1], moved={"momentum": Fraction(1, 4)})
    assert np.array_equal(of_updates(u).moved[0]["momentum"], [np.nan, np.nan, 0.25], equal_nan=True)
    many = of_updates(u[1:] * 2000)
    assert [len(s.moved[0]["momentum"]) for s in some_then_all(many)] == [len(s.case) for s in some_then_all(many)]


@pytest.mark.parametrize(("counting", "wanted"), [(Counting.RUN, [1, 2, 3]), (Counting.OWN, [1, 1, 2])])
def test_the_updates_of_a_run_are_numbered_by_its_counting_and_a_gradient_that_is_absent_is_nothing(counting: Counting, wanted: list[int]) -> None:
    span = of_runs([(0, observed(SGD, case_of(SGD, [["1"], None, ["1"]], ["1"]), [[1], [1], [1]], counting=counting))])
    assert [x.tolist() for x in span.t] == [[n] for n in wanted]
    assert [bool(np.isnan(x).all()) for x in span.g] == [False, True, False]


def test_of_a_tensor_that_repeats_its_elements_only_those_that_differ_are_looked_at() -> None:
    case = case_of(SGD, [["1"] * 5], ["1", "2", "1", "2", "1"])
    o = observed(SGD, case, [[3, 4, 3, 4, 3]])
    tiled = replace(case, params=(Parameter((5,), 2, ("1", "2")),))
    assert of_runs([(0, replace(o, case=tiled))]).before["theta"].tolist() == [1, 2]
    empty = replace(case, params=(Parameter((0,), 1, ()),))
    assert of_runs([(0, replace(o, case=empty))]).before["theta"].tolist() == []


def test_a_state_that_a_case_gives_stands_at_the_start_of_its_own_run() -> None:
    given = observed(MOMENTUM, case_of(MOMENTUM, [["1", "1"]], state0={"v": ("5", "6")}), [[0, 0]])
    plain = observed(MOMENTUM, case_of(MOMENTUM, [["1"]], ["1"]), [[0]])
    span = of_runs([(0, given), (1, plain)])
    assert np.array_equal(span.before["given v"], [5, 6, np.nan], equal_nan=True)
    assert [i for i, _ in fresh([(0, given), (1, plain)])] == [1], "a formula with other state can be run from the start of the second only"


def test_a_long_span_is_looked_at_in_some_elements_first_each_with_all_that_is_its_own() -> None:
    n = 4 * SOME + 1
    x = [float(i) for i in range(n)]
    whole = of_updates([update({"theta": x}, {"theta": [2 * y for y in x]}, [3 * y for y in x])])
    some, every = some_then_all(whole)
    assert every is whole and SOME <= len(some.case) <= SOME + 1 and len(set(some.before["theta"].tolist())) == len(some.case)
    assert np.array_equal(some.after[0]["theta"], 2 * some.before["theta"]) and np.array_equal(some.g[0], 3 * some.before["theta"])
    assert some.before["theta"].max() > n - 2 * n / SOME, "they are drawn from all of it"
    short = of_updates([update({"theta": x[:-1]}, {"theta": x[:-1]}, x[:-1])])
    assert some_then_all(short) == (short,)
