"""A run that goes on after its cut, exactly: what a loss changes, whether it is what was seen, and whether two can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.resume.loss import Exchanged, Forgotten, Miscounted, Narrowed, Reset, What
from refopt.conformance.judge.resume.replay import Continued, Start, apart, compare, follow, lose
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import FLOAT16, FLOAT64

MOMENTUM = rule("momentum")
MODEL, HYPER = Model("momentum", MOMENTUM), in_force(MOMENTUM, {"lr": "0.5", "momentum": "0.25"}, {})


def _bounds(*values: str) -> ErrorBounds:
    return ErrorBounds.parse(values)


def _start(theirs: Sequence[dict[str, list[float]]] = (), grads: Sequence[list[float] | None] = ([1.0],), lr: tuple[float, ...] | None = None) -> Start:
    """One element at theta = 2 with the velocity 4, before update 3."""
    cut: Any = SimpleNamespace(rest=SimpleNamespace(t0=3, lr=lr, held=0))
    one = np.zeros(1, dtype=np.intp)
    return Start(cut, 0, one, one, {"theta": [2.0], "v": [4.0]}, {"theta": _bounds("0"), "v": _bounds("0")}, grads, {}, theirs)


def _after(what: What | None, start: Start) -> dict[str, Any]:
    values, errors, t, hyper = lose(what, start, MODEL, HYPER, FLOAT64)
    return {"v": list(values["v"]), "theta": list(values["theta"]), "t": t, "hyper": hyper, "errors": errors}


@pytest.mark.parametrize(
    ("what", "v", "t"),
    [(None, 4, 3), (Reset(("v",)), 0, 3), (Reset((), count=True), 4, 1), (Miscounted(-1), 4, 2), (Narrowed(("v",), FLOAT16, kept=False), 4, 3)],
)
def test_a_loss_changes_what_it_is_about_and_nothing_else(what: What | None, v: int, t: int) -> None:
    found = _after(what, _start())
    assert (found["v"], found["theta"], found["t"], found["hyper"]) == ([v], [2], t, HYPER)


def test_exchanged_states_take_their_bounds_with_them() -> None:
    start = replace(_start(), errors={"theta": _bounds("0"), "v": _bounds("0.5")})
    found = _after(Exchanged("theta", "v"), start)
    assert (found["theta"], found["v"]) == ([4.0], [2.0])
    assert (found["errors"]["theta"].texts(), found["errors"]["v"].texts()) == (["0.5"], ["0"])


def test_a_forgotten_hyperparameter_has_its_other_value() -> None:
    assert _after(Forgotten("lr", "0.125"), _start())["hyper"] == {**HYPER, "lr": Fraction(1, 8)}


def test_a_narrowed_state_is_rounded_to_the_format() -> None:
    start = replace(_start(), values={"theta": [2.0], "v": [1 + 2.0**-13]})
    assert _after(Narrowed(("v",), FLOAT16, kept=False), start)["v"] == [1]


def test_the_continuation_is_the_rules_and_an_absent_gradient_leaves_everything() -> None:
    """v = 1/4 v + 1/2 g, theta = theta - v: from theta = 2 and v = 4 with gradients 1, none, 2."""
    (made,) = follow([(None, _start(grads=([1.0], None, [2.0])), HYPER)], MODEL, FLOAT64)
    seen = [[Fraction(x["v"][0]), Fraction(x["theta"][0])] for x in made.values]
    assert seen == [[Fraction(3, 2), Fraction(1, 2)], [Fraction(3, 2), Fraction(1, 2)], [Fraction(11, 8), Fraction(-7, 8)]]
    assert made.errors[0]["theta"].texts() == made.errors[1]["theta"].texts() != made.errors[2]["theta"].texts()


def test_rates_of_the_rest_are_in_force_unless_the_rate_was_forgotten() -> None:
    start = _start(grads=([1.0], [0.0]), lr=(1.0, 2.0))
    scheduled, forgotten = follow([(None, start, HYPER), (Forgotten("lr", "0.25"), start, HYPER)], MODEL, FLOAT64)
    assert [Fraction(x["theta"][0]) for x in scheduled.values] == [0, Fraction(-1, 2)]
    assert [Fraction(x["theta"][0]) for x in forgotten.values] == [Fraction(3, 4), Fraction(7, 16)]


@pytest.mark.parametrize(("seen", "fits"), [(1.5, True), (1.75, False), (0.5, True), (0.25, False)])
def test_what_is_seen_fits_within_the_bound_and_not_beyond(seen: float, fits: bool) -> None:
    made = Continued([{"theta": [Fraction(1)], "v": [Fraction(0)]}], [{"theta": _bounds("0.5"), "v": _bounds("inf")}])
    found = compare(_start(theirs=[{"theta": [seen], "v": [7.0]}]), made)
    assert found.fits.tolist() == [fits] and found.claims == 1, "about v nothing is claimed"


@pytest.mark.parametrize(("other", "told"), [(3.0, False), (3.25, True)])
def test_two_continuations_are_told_apart_beyond_four_of_the_larger_bound(other: float, told: bool) -> None:
    one = Continued([{"theta": [Fraction(1)]}], [{"theta": _bounds("0.25")}])
    two = Continued([{"theta": [Fraction(other)]}], [{"theta": _bounds("0.5")}])
    assert apart(_start(theirs=[{"theta": [0.0]}]), one, two).tolist() == [told]
    assert apart(_start(theirs=[{}]), one, two).tolist() == [False], "what is not seen tells nothing apart"
