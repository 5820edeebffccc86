"""Stepwise judging, on single updates made by hand: what fails, where, and about what nothing is claimed."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.exact_update import fraction
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.stepwise import Judged, stepwise, values_after, values_before
from refopt.conformance.judge.updates import Update
from refopt.conformance.protocol.implementation import View
from refopt.language.rule import Rule
from refopt.rounding.formats import BFLOAT16, FLOAT32, FLOAT64, Format
from tests.catalogue.own.own_nadam import OWN_NADAM as NADAM
from tests.catalogue.own.own_radam import OWN_RADAM as RADAM
from tests.conformance.made import ADAM, GRADIENT, HYPER, SIGNED, THETA, VIEWS, adam_from_nothing, at_rate, first_update, update
from tests.quality.bugs import bugs

MODEL = Model("adam", ADAM)


def _judged(u: Update, model: Model = MODEL, f: Format = FLOAT32) -> Judged:
    (j,) = stepwise(model, [u], [HYPER], VIEWS, f)
    return j


def test_the_exact_values_are_those_of_the_formula_by_hand() -> None:
    j = _judged(first_update())
    for name, wanted in adam_from_nothing().items():
        assert [float(fraction(x)) for x in j.exact[name]] == [float(x) for x in wanted]
        assert max(abs(fraction(x) - y) for x, y in zip(j.exact[name], wanted, strict=True)) < Fraction(1, 10**45)
        # a bound holds at least the rounding of the value itself, 2^-24 of it in float32; what is judged was rounded once, by 2^-53 of it
        assert (j.ratio[name] <= 2.0**-53 / 2.0**-24).all(), "float64's own rounding is nothing beside a bound of float32"


@pytest.mark.parametrize("name", ["theta", "m", "v"])
@pytest.mark.parametrize(("bounds", "fails"), [(2, True), (-2, True), (0.5, False)])
def test_a_value_that_is_off_by_two_bounds_fails_exactly_there_and_half_a_bound_is_none(name: str, bounds: float, fails: bool) -> None:
    right = adam_from_nothing()[name]
    radius = _judged(first_update()).allowed[name].exact()[1]
    assert radius is not None and radius > 0
    j = _judged(first_update(**{name: [x + Fraction(bounds) * radius * (i == 1) for i, x in enumerate(right)]}))
    # what is judged was rounded once, by 2^-53 of it; the bound is at least 2^-25 of it, float32's rounding of the value
    assert j.ratio[name][1] == pytest.approx(abs(bounds), rel=2.0**-27, abs=0)
    failing = {(n, i) for n, r in j.ratio.items() for i in np.flatnonzero(r > 1).tolist()}
    assert failing == ({(name, 1)} if fails else set())


def test_each_update_is_judged_from_its_own_values_before_and_by_its_own_number() -> None:
    before = {"theta": [1.0], "m": [0.0], "v": [0.0]}
    b1, b2, lr, eps = (HYPER[n] for n in ("beta1", "beta2", "lr", "eps"))
    # two gradients of 1 in a row, from the second update on: m and v are 1 - beta^1 before, and 1 - beta^2 after, so both corrected are 1
    before |= {"m": [float(1 - b1)], "v": [float(1 - b2)]}
    after = {"theta": [1 - lr / (1 + eps)], "m": [1 - b1**2], "v": [1 - b2**2]}
    right, early = _judged(update(before, after, [1.0], t=2)), _judged(update(before, after, [1.0], t=1))
    assert max(float(r.max()) for r in right.ratio.values()) <= 1
    assert early.ratio["theta"][0] > 1 and early.ratio["m"][0] <= 1, "the number of the update is in the correction of theta alone"


def test_the_hyperparameters_are_those_of_the_update_s_case_and_a_rate_of_its_own_comes_first() -> None:
    sgd = rule("sgd")
    hypers = [in_force(sgd, {"lr": x}, {}) for x in ("0.5", "0.25")]
    u = [update({"theta": [1.0]}, {"theta": [1 - lr]}, [1.0], case=i) for i, lr in ((0, 0.5), (1, 0.25), (0, 0.25))]
    u.append(at_rate(u[2], 0.25))
    assert [j.ratio["theta"][0] > 1 for j in stepwise(Model("sgd", sgd), u, hypers, {}, FLOAT64)] == [False, False, True, False]


def test_an_update_without_a_gradient_that_moved_fails_and_one_that_stays_does_not() -> None:
    same = {"theta": [1.0, math.nan, 3.0], "m": [0.5, 0.0, 1.0]}
    stays, moves, state = (
        _judged(update(same, {**same, **changed}, None)) for changed in ({}, {"theta": [1.0, math.nan, np.nextafter(3.0, 4)]}, {"m": [0.5, -1.0, 1.0]})
    )
    assert stays.ratio["theta"].tolist() == [0, 0, 0] and stays.ratio["m"].tolist() == [0, 0, 0]
    assert moves.ratio["theta"].tolist() == [0, 0, math.inf] and moves.ratio["m"].tolist() == [0, 0, 0]
    assert state.ratio["theta"].tolist() == [0, 0, 0] and state.ratio["m"].tolist() == [0, math.inf, 0]


@pytest.mark.parametrize("broken", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("name", ["theta", "m", "v"])
def test_a_value_that_is_not_finite_where_the_exact_one_is_fails(name: str, broken: float) -> None:
    j = _judged(first_update(**{name: [broken if i == 2 else float(x) for i, x in enumerate(adam_from_nothing()[name])]}))
    assert j.ratio[name][2] == math.inf
    assert sum(int((r > 1).sum()) for r in j.ratio.values()) == 1


def test_where_the_formula_has_no_value_a_finite_one_fails_and_nan_agrees() -> None:
    hyper = {**HYPER, "eps": Fraction(0)}  # 0/0 where the gradient is 0
    after = {"theta": [math.nan, 0.0], "m": [0.0, 0.0], "v": [0.0, 0.0]}
    (j,) = stepwise(MODEL, [update({"theta": [1.0, 1.0]}, after, [0.0, 0.0])], [hyper], VIEWS, FLOAT64)
    assert j.exact["theta"] == [None, None]
    assert j.ratio["theta"].tolist() == [0, math.inf]


def test_nothing_is_claimed_where_a_value_before_is_not_finite() -> None:
    u = update({"theta": [1.0, math.inf, 1.0]}, {"theta": [9.0, 9.0, 9.0], "m": [9.0] * 3, "v": [9.0] * 3}, [1.0, 1.0, math.nan])
    j = _judged(u)
    assert all(r[0] > 1 and np.isnan(r[1:]).all() for r in j.ratio.values())
    assert j.exact["theta"][1] is None and not j.allowed["theta"].claims()[1:].any()


def test_a_division_by_zero_that_the_exact_formula_does_not_have_fails_unless_underflow_is_the_cause_put_in() -> None:
    u, hyper = update({"theta": [1.0]}, {"theta": [math.nan]}, [1e-200]), {"lr": Fraction(1, 2)}  # g^2 vanishes in binary64
    model = Model("signed", SIGNED)
    (plain,), (excused,) = (stepwise(m, [u], [hyper], {}, FLOAT64) for m in (model, replace(model, excuses=True)))
    assert fraction(plain.exact["theta"][0]) == Fraction(1, 2) and plain.ratio["theta"][0] == math.inf
    (tiny,) = stepwise(replace(model, excuses=True), [u], [{"lr": Fraction(1, 2**1070)}], {}, FLOAT64)
    assert np.isnan(tiny.ratio["theta"][0]), "the rate is so small that the format may have zero for it"
    assert excused.ratio["theta"][0] == math.inf, "nothing that is put in or comes out is so small here"


def test_only_an_edited_formula_is_excused_where_a_state_that_it_divides_by_may_be_zero_in_the_format() -> None:
    without_eps = next(b.formula for b in bugs() if b.name == "adam:eps_left_out")
    assert isinstance(without_eps, Rule)
    model, edited = (Model("adam without eps", without_eps, edited=x) for x in (False, True))
    after = {"theta": [-math.inf], "m": [1e-33], "v": [0.0]}

    def ratio(m: Model, g: float) -> float:
        (j,) = stepwise(m, [update({"theta": [0.0], "m": [0.0], "v": [0.0]}, after, [g])], [HYPER], VIEWS, FLOAT32)
        return float(j.ratio["theta"][0])

    assert ratio(model, 1e-32) == math.inf and math.isnan(ratio(edited, 1e-32)), "g^2 is zero in float32"
    assert ratio(edited, 1.0) == math.inf


def test_an_overflow_on_the_way_is_no_failure() -> None:
    u = update({"theta": [1.0]}, {"theta": [math.nan]}, [1e200])
    (j,) = stepwise(Model("signed", SIGNED), [u], [{"lr": Fraction(1, 2)}], {}, FLOAT64)
    assert np.isnan(j.ratio["theta"][0])


def test_a_value_that_is_no_number_of_the_format_it_is_said_to_be_in_fails() -> None:
    model = replace(MODEL, bound_in=BFLOAT16)
    exact = adam_from_nothing()
    stored = {n: [BFLOAT16.round(x) or Fraction(0) for x in v] for n, v in exact.items()}
    right = _judged(first_update(**stored), model)
    assert all((r <= 1).all() for r in right.ratio.values())
    finer = [x + Fraction(1, 2**12) * (i == 3) for i, x in enumerate(stored["theta"])]  # 3 + 2^-12 needs 14 bits
    assert _judged(first_update(**{**stored, "theta": finer}), model).ratio["theta"].tolist()[3] == math.inf


def test_a_buffer_shows_its_state_by_sign_and_by_the_rate_of_its_own_time() -> None:
    momentum, views = rule("momentum"), {"v": View("b", sign=-1, times_lr=True)}
    hyper = in_force(momentum, {}, {})
    u = at_rate(update({"theta": [1.0], "b": [3.0]}, {"theta": [1.0], "b": [5.0]}, [1.0]), 0.5, lr_before=0.25)
    assert values_before(momentum, u, views, hyper, hyper)["v"] == [Fraction(-3, 4)]
    assert values_after(momentum, u, views, hyper)["v"] == [Fraction(-5, 2)]
    assert values_before(momentum, update({"theta": [1.0]}, {"theta": [1.0]}, [1.0]), views, hyper, hyper)["v"] == [0], (
        "before its first update it is at the rule's start"
    )


def test_a_state_that_is_not_seen_is_not_judged() -> None:
    (j,) = stepwise(MODEL, [first_update(v=[9.0] * 4)], [HYPER], {"m": View("m")}, FLOAT32)
    assert set(j.ratio) == {"theta", "m"}
    assert len(THETA) == len(GRADIENT) == len(j.ratio["theta"])


@pytest.mark.parametrize("own", [NADAM, RADAM], ids=lambda r: r.name)
@pytest.mark.parametrize("g", [[], [math.nan, math.nan]], ids=["empty", "no gradient is a number"])
def test_of_a_tensor_without_a_finite_element_nothing_is_claimed_whatever_state_of_one_value_its_rule_has(own: Rule, g: list[float]) -> None:
    views = {name: View(name) for name in own.state_names}
    nothing = {name: [0.0 if name == "n" else 1.0] * len(g) for name in ("theta", *own.state_names)}
    hyper = in_force(own, {}, {})
    (j,) = stepwise(Model(own.name, own), [update(nothing, nothing, g)], [hyper], views, FLOAT64)
    assert set(j.ratio) == set(nothing) and all(len(r) == len(g) and np.isnan(r).all() for r in j.ratio.values())


def test_a_count_of_one_value_that_stays_or_is_no_whole_number_after_an_update_fails_beside_an_empty_tensor() -> None:
    views, hyper = {name: View(name) for name in RADAM.state_names}, in_force(RADAM, {}, {})
    before = {"theta": [1.0, 2.0], "m": [0.0, 0.0], "v": [0.0, 0.0], "n": [0.0, 0.0]}
    empty = dict.fromkeys(before, ())
    found = [update(empty, empty, [], t=1), *(update(before, {**before, "n": [n, n]}, [0.0, 0.0]) for n in (1.0, 0.0, 1.5))]
    _, counts, stays, half = stepwise(Model(RADAM.name, RADAM), found, [hyper], views, FLOAT64)
    assert [float(j.ratio["n"].max()) for j in (counts, stays, half)] == [0, math.inf, math.inf]
    assert all(j.ratio[name].max() == 0 for j in (counts, stays, half) for name in ("theta", "m", "v")), "a gradient of zero moves nothing"


def test_a_hyperparameter_that_changes_has_its_value_of_the_update_at_hand() -> None:
    u = replace(update({"theta": [0.0], "v": [1.0]}, {"theta": [-1.25], "v": [1.25]}, [1.0], t=2), moved={"momentum": Fraction(1, 4)})
    model, views = Model("momentum", rule("momentum")), {"v": View("v")}
    hyper = {"lr": Fraction(1), "momentum": Fraction(1, 2)}
    (right,) = stepwise(model, [u], [hyper], views, FLOAT64)
    (held,) = stepwise(model, [replace(u, moved={})], [hyper], views, FLOAT64)
    assert right.ratio["theta"].max() == 0 and held.ratio["theta"].min() > 1
    assert right.hyper["momentum"] == Fraction(1, 4)
