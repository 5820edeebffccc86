"""A buffer is believed to be a state only where it has that state's values in a run that tells states apart, and nothing else has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refopt.catalogue import rule
from refopt.conformance.protocol.implementation import Answer, Ran, Request, Skipped, Snapshot, View
from refopt.frameworks.measured_views import Buffers, measured
from refopt.frameworks.own.numpy_generated import load

TAKES = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}


def renamed(name: str, change: Any) -> Any:
    """A run of a rule's own generated code, whose buffers after each update are what `change` makes of them and of the rate."""

    def run(request: Request) -> Answer:
        ran = load("numpy", name).run(request)  # type: ignore[union-attr]
        assert isinstance(ran, Ran) and request.lr is not None
        after = tuple(Snapshot(s.theta, (change(s.state[0], lr),)) for s, lr in zip(ran.after, request.lr, strict=True))
        return replace(ran, after=after)

    return run


def test_states_are_found_under_other_names_with_another_sign_or_the_rate() -> None:
    found = measured(renamed("adam", lambda s, lr: {"a": -s["m"], "b": s["v"], "noise": s["m"] + s["v"]}), rule("adam"), TAKES)
    assert found.views == {"m": View("a", sign=-1), "v": View("b")} and found.told == ("measured: m is -a, v is b",)
    scaled = measured(renamed("momentum/lr_outside", lambda s, lr: {"b": s["v"] / lr}), rule("momentum/lr_outside"), {"lr": 0.01, "momentum": 0.9})
    assert scaled.views == {"v": View("b", times_lr=True)} and scaled.told == ("measured: v is lr*b",)


def test_two_buffers_that_fit_are_not_believed() -> None:
    found = measured(renamed("adam", lambda s, lr: {"a": s["m"], "copy": s["m"].copy(), "b": s["v"]}), rule("adam"), TAKES)
    assert found.views == {"v": View("b")}
    assert found.told == ("measured: v is b", "m may be a or copy: --map a=m decides")


@pytest.mark.parametrize("off", [1e-6, 0.1])
def test_a_buffer_that_is_nearly_a_state_is_none(off: float) -> None:
    found = measured(renamed("adam", lambda s, lr: {"a": s["m"], "b": s["v"] * (1 + off)}), rule("adam"), TAKES)
    assert "v" not in found.views and found.told[1:] == ("no buffer shows v: --map b=v if that is meant to",)


def test_what_cannot_be_run_so_shows_nothing() -> None:
    assert measured(lambda request: Skipped("its rate cannot be changed"), rule("adam"), TAKES) == Buffers()
    assert measured(renamed("sgd", lambda s, lr: {}), rule("sgd"), {"lr": 0.1}) == Buffers()
