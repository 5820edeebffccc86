"""Open-loop judging of runs made by hand: against the values that a case lists, and against runs that are made here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.open_loop import against_golden, live, open_loop, seen, without_state
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case, CaseKind, Counting, Expected, ExpectedParameter, Parameter
from refopt.rounding.formats import FLOAT32, FLOAT64
from tests.conformance.made import ADAM, HYPER, SGD, SIGNED, case_of, observed

MODEL = Model("sgd", SGD)
HALF = in_force(SGD, {"lr": "0.5"}, {})
RIGHT = [[0.5, -3.0], [0.0, -4.0]]
"""theta = (1, -2) after two updates by g = (1, 2) with a rate of 1/2."""


def _expected(t: int, theta: Sequence[str], bound: Sequence[str] = ("0.25", "0.25")) -> Expected:
    return Expected(t, (ExpectedParameter(tuple(theta), {}, {"float64": {"theta": tuple(bound)}}),))


def _case(*expect: Expected) -> Case:
    return replace(case_of(SGD, [["1", "2"]] * 2, hyper={"lr": "0.5"}), keep=(2,), expect=expect)


def _failing(judged: Sequence[Judged]) -> set[tuple[int, int]]:
    """Number of the update and element of what fails."""
    return {(j.update.t, i) for j in judged for i in np.flatnonzero((j.ratio["theta"] > 1)[j.update.inverse]).tolist()}


def test_the_error_is_told_in_units_of_the_bound_that_the_case_lists_at_the_kept_steps_only() -> None:
    o = observed(SGD, _case(_expected(2, ["0", "-4"])), [[99, 99], [0.125, -4.5]])
    (j,) = against_golden(SGD, o, 0, {}, HALF, FLOAT64)
    assert j.update.t == 2 and j.ratio["theta"].tolist() == [0.5, 2]


def test_no_claim_is_made_where_the_case_lists_no_number_or_no_bound() -> None:
    o = observed(SGD, _case(_expected(2, ["nan", "-4"], ["0.25", "inf"])), [[0.5, -3], [7.0, 7.0]])
    (j,) = against_golden(SGD, o, 0, {}, HALF, FLOAT64)
    assert np.isnan(j.ratio["theta"]).all()


def test_the_values_are_those_of_the_counting_that_was_measured() -> None:
    case = replace(_case(_expected(2, ["0", "-4"])), expect_own=(_expected(2, ["8", "8"]),))
    for counting, wanted in ((Counting.RUN, set()), (Counting.OWN, {(2, 0), (2, 1)})):
        assert _failing(against_golden(SGD, observed(SGD, case, RIGHT, counting=counting), 0, {}, HALF, FLOAT64)) == wanted


def test_elements_that_are_equal_at_different_places_of_the_case_stay_apart() -> None:
    case = case_of(SGD, [["1", "1"]], ["1", "1"], hyper={"lr": "0.5"})
    update = seen(0, observed(SGD, case, [[0.5, 0.5]]), 0, 0)
    assert update.inverse.tolist() == [0, 1] and update.before["theta"].tolist() == [1, 1] and update.after["theta"].tolist() == [0.5, 0.5]


def test_a_tensor_that_repeats_its_elements_is_judged_in_every_one_of_them() -> None:
    case = replace(case_of(SGD, [["1", "2"]], hyper={"lr": "0.5"}), params=(Parameter((5,), 2, ("1", "-2")),))
    o = observed(SGD, replace(case, params=(Parameter((5,), 5, ("1", "-2", "1", "-2", "1")),), grads=((("1", "2", "1", "2", "1"),),)), [[0.5, -3, 0.5, 7, 0.5]])
    assert _failing(live(MODEL, [(0, replace(o, case=case))], [HALF], {}, FLOAT64)) == {(1, 3)}


def test_a_run_fails_from_the_update_on_in_which_it_left_the_exact_one() -> None:
    o = observed(SGD, _case(), [[0.5, -3.0], [0.0, -4.5]])
    assert _failing(live(MODEL, [(0, o)], [HALF], {}, FLOAT64)) == {(2, 1)}
    assert _failing(live(MODEL, [(0, observed(SGD, _case(), RIGHT))], [HALF], {}, FLOAT64)) == set()


def test_a_run_is_not_judged_from_where_it_came_to_itself() -> None:
    """Stepwise, the second update would be right: it has the right length."""
    o = observed(SGD, _case(), [[0.5, -3.5], [0.0, -4.5]])
    assert _failing(live(MODEL, [(0, o)], [HALF], {}, FLOAT64)) == {(1, 1), (2, 1)}


def test_a_parameter_without_a_gradient_stays_where_it_is_exactly() -> None:
    case = case_of(SGD, [["1", "2"], None], hyper={"lr": "0.5"})
    still, moved = ([[0.5, -3.0], [0.5, x]] for x in (-3.0, -3.5))
    assert _failing(live(MODEL, [(0, observed(SGD, case, still))], [HALF], {}, FLOAT64)) == set()
    assert _failing(live(MODEL, [(0, observed(SGD, case, moved))], [HALF], {}, FLOAT64)) == {(2, 1)}


def test_the_number_of_an_update_is_that_of_the_counting() -> None:
    """Adam whose second gradient is absent, exactly: with gradients of 1 and eps = 0 each step has the length of the rate, by its own count only."""
    case = case_of(ADAM, [["1", "1"], None, ["1", "1"]], ["1", "2"], hyper={"eps": "0"})
    o = observed(ADAM, case, [[0.999, 1.999], [0.999, 1.999], [0.998, 1.998]], FLOAT32)
    run, own = (live(Model("adam", ADAM), [(0, replace(o, counting=c))], [{**HYPER, "eps": Fraction(0)}], {}, FLOAT32) for c in (Counting.RUN, Counting.OWN))
    assert _failing(own) == set()
    assert _failing(run) == {(3, 0), (3, 1)}


def test_the_listed_values_count_for_the_file_s_own_rule_with_the_hyperparameters_that_are_written() -> None:
    """The case lists wrong values, so that it is seen who is compared with them."""
    o: Observation = observed(SGD, _case(_expected(2, ["8", "8"])), RIGHT)

    def fails(*, golden: bool, lr: str = "0.5", thetas: Sequence[Sequence[float]] = RIGHT) -> bool:
        told = observed(SGD, o.case, thetas)
        return bool(_failing(open_loop(MODEL, [(0, told)], [in_force(SGD, {"lr": lr}, {})], {}, FLOAT64, golden=golden)))

    assert fails(golden=True)
    assert not fails(golden=False)
    assert not fails(golden=True, lr="0.25", thetas=[[0.75, -2.5], [0.5, -3.0]]), "another rate is in force than the listed values were made with"


def test_where_nothing_is_sent_the_written_hyperparameters_are_the_expected_defaults() -> None:
    case = replace(_case(_expected(2, ["8", "8"])), kind=CaseKind.DEFAULTS, hyper={}, hyper_expected={"lr": "0.01"})
    o = observed(SGD, case, RIGHT)
    assert not _failing(open_loop(MODEL, [(0, o)], [HALF], {}, FLOAT64, golden=True))
    assert _failing(open_loop(MODEL, [(0, o)], [in_force(SGD, {}, {})], {}, FLOAT64, golden=True)) == {(2, 0), (2, 1)}


@pytest.mark.parametrize(("gradient", "failing"), [("1e-200", {(1, 0)}), ("1e200", set())])
def test_a_value_that_is_not_finite_fails_unless_an_overflow_explains_it(gradient: str, failing: set[tuple[int, int]]) -> None:
    """g^2 vanishes, and something is divided by it; or it overflows."""
    o = observed(SIGNED, case_of(SIGNED, [[gradient, "1"]], hyper={"lr": "0.5"}), [[math.nan, -2.5]])
    assert _failing(open_loop(Model("signed", SIGNED), [(0, o)], [HALF], {}, FLOAT64, golden=False)) == failing


def test_a_case_starts_from_nothing_where_it_gives_no_state_and_begins_with_its_first_update() -> None:
    fresh = case_of(SGD, [["1", "2"]])
    late, given = replace(fresh, t0=2), replace(fresh, params=(replace(fresh.params[0], state0={"v": ("0", "0")}),))
    assert [without_state(observed(SGD, c, RIGHT[:1])) for c in (fresh, late, given)] == [True, False, False]


def test_a_hyperparameter_that_changes_has_its_value_of_the_update_at_hand() -> None:
    r = rule("momentum")
    case = case_of(r, [["1"], ["1"]], ["0"], hyper={"lr": "1", "momentum": "0.5"}, courses={"momentum": ("0.5", "0.25")})
    hyper = in_force(r, case.hyper, {})
    for second, fails in ((-2.25, set()), (-2.5, {(2, 0)})):  # -1 - 1.25 with a momentum of 1/4, -1 - 1.5 with the first one
        assert _failing(live(Model(r.name, r), [(0, observed(r, case, [[-1.0], [second]]))], [hyper], {}, FLOAT64)) == fails
