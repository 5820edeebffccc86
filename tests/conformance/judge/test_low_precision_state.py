"""A state that is kept in a narrower format, on an update made by hand: its numbers are that format's, and theta follows from them or from those before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

import refopt
from refopt.catalogue import rule
from refopt.conformance.judge.low_precision_state import given, stepwise_stored, stored_ratio
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.updates import Update
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import BFLOAT16, FLOAT16, FLOAT32, Format
from tests.conformance.made import ADAM, HYPER, THETA, VIEWS, adam_from_nothing, first_update, update
from tests.implementations.planted import later_families

MODEL = Model("adam", ADAM, stored_in=BFLOAT16)
EXACT = adam_from_nothing()


def _stored(name: str, f: Format = BFLOAT16) -> list[Fraction]:
    return [f.round(x) or Fraction(0) for x in EXACT[name]]


def _judged(u: Update, model: Model = MODEL) -> Judged:
    (j,) = stepwise_stored(model, [u], [HYPER], VIEWS, FLOAT32)
    return j


def _theta_from(m: list[Fraction], v: list[Fraction]) -> list[float]:
    """theta after the first update by these moments, in binary64: more than 20 bits finer than the bound of float32."""
    lr, b1, b2, eps = (float(HYPER[n]) for n in ("lr", "beta1", "beta2", "eps"))
    return [x - lr * float(a) / (1 - b1) / (math.sqrt(float(b) / (1 - b2)) + eps) for x, a, b in zip(THETA, m, v, strict=True)]


def test_a_state_that_was_rounded_to_the_format_is_right_and_one_that_is_none_of_its_numbers_fails_exactly_there() -> None:
    m, v = _stored("m"), _stored("v")
    assert all((r <= 1).all() for r in _judged(first_update(m=m, v=v)).ratio.values())
    assert EXACT["m"][1] != m[1], "else the next line says nothing"
    j = _judged(first_update(m=[EXACT["m"][1] if i == 1 else x for i, x in enumerate(m)], v=v))
    assert j.ratio["m"].tolist()[1] == math.inf
    assert sum(int((r > 1).sum()) for r in j.ratio.values()) == 1


def test_the_next_number_of_the_format_but_one_fails() -> None:
    m, step = _stored("m"), 2 * BFLOAT16.u
    beside = [x * (1 + 2 * step) if i == 0 else x for i, x in enumerate(m)]
    off = [BFLOAT16.round(x) or Fraction(0) for x in beside]
    j = _judged(first_update(m=off, v=_stored("v")))
    assert 1 < j.ratio["m"][0] < math.inf


def test_theta_follows_from_the_numbers_before_or_after_they_were_stored_and_from_no_others() -> None:
    m, v = _stored("m"), _stored("v")
    from_stored = _theta_from(m, v)
    assert max(abs(x - float(y)) for x, y in zip(from_stored, EXACT["theta"], strict=True)) > 1e-6, "the two are told apart in float32"
    for theta in (EXACT["theta"], from_stored):
        assert (_judged(first_update(theta=theta, m=m, v=v)).ratio["theta"] <= 1).all()
    neither = [x + 4 * (x - float(y)) for x, y in zip(from_stored, EXACT["theta"], strict=True)]
    assert (_judged(first_update(theta=neither, m=m, v=v)).ratio["theta"] > 1).any()


def test_only_the_states_that_are_named_are_kept_in_it() -> None:
    only_v = replace(MODEL, stored=("v",))
    assert all((r <= 1).all() for r in _judged(first_update(v=_stored("v")), only_v).ratio.values())
    assert (_judged(first_update(m=_stored("m"), v=_stored("v")), only_v).ratio["m"] > 1).any(), "m is judged as a number of float32"


def test_nothing_is_said_of_theta_where_a_state_was_too_large_to_be_stored() -> None:
    theta, g = [1.0, 1.0], [1e4, 1.0]  # (1 - beta2)*g^2 is 1e5, and float16 ends at 65504
    exact = adam_from_nothing(theta, g)
    v: list[float | Fraction] = [math.inf, FLOAT16.round(exact["v"][1]) or Fraction(0)]
    after: dict[str, Sequence[float | Fraction]] = {"theta": [1.0, exact["theta"][1]], "m": [FLOAT16.round(x) or Fraction(0) for x in exact["m"]], "v": v}
    u = update({"theta": theta}, after, g)
    ratio = _judged(u, replace(MODEL, stored_in=FLOAT16)).ratio["theta"]
    assert np.isnan(ratio[0]) and ratio[1] <= 1


def test_an_update_without_a_gradient_must_still_leave_everything_alone() -> None:
    same: dict[str, Sequence[float | Fraction]] = {"theta": THETA, "m": _stored("m"), "v": _stored("v")}
    moved = {**same, "theta": [*THETA[:3], 3.5]}
    assert _judged(update(same, same, None)).ratio["theta"].tolist() == [0, 0, 0, 0]
    assert _judged(update(same, moved, None)).ratio["theta"].tolist() == [0, 0, 0, math.inf]


def test_the_room_is_the_bound_and_half_a_step_of_the_format() -> None:
    exact, radius = [Fraction(1), Fraction(0), Fraction(1), Fraction(1)], ErrorBounds.parse(["0.25", "0", "inf", "0"])
    theirs = [1.25, float(BFLOAT16.smallest_subnormal / 2), 7.0, 1 + 2.0**-9]
    ratio = stored_ratio(theirs, exact, radius, BFLOAT16)
    assert ratio[0] == float(Fraction(1, 4) / (Fraction(1, 4) + Fraction(5, 4) / 2**8 + BFLOAT16.smallest_subnormal / 2))
    assert ratio[1] == math.inf and np.isnan(ratio[2]) and ratio[3] == math.inf, "half a subnormal is no number of the format; nor has 1 + 2^-9 8 bits"


def test_what_follows_from_the_stored_state_is_the_rule_without_the_updates_of_its_state() -> None:
    assert [let.name for let in given(ADAM).steps] == ["m_hat", "v_hat", "theta"]
    assert all(s.constant for s in given(ADAM).state)


def test_a_state_that_is_read_before_its_update_stays_as_it_was() -> None:
    assert {n: [let.name for let in given(rule(n)).steps if let.name in rule(n).state_names] for n in ("optimistic_gd", "lion", "adan", "amsgrad")} == {
        "optimistic_gd": ["g_before"], "lion": ["m"], "adan": ["g_before"], "amsgrad": [],
    }  # fmt: skip


def test_a_gradient_that_is_a_number_of_the_format_and_stored_too_early_deviates() -> None:
    report = refopt.check(later_families.optimistic_gd_stored_first, "optimistic_gd", dtypes=["float32"], cases=["optimistic_gd-open-dyadic-001"], search=0)
    assert report.verdict == "deviates"
