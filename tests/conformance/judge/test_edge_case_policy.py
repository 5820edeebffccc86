"""What may go either way: a listed outcome is asked for by class, a refusal is accepted, and the formula is named all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

import refopt


class Momentum:
    """Momentum as it should be; `outside` keeps the rate outside the velocity."""

    outside = False

    def init(self, theta: Any) -> dict[str, Any]:
        return {"v": np.zeros_like(theta)}

    def see(self, g: Any) -> Any:
        """The gradient that is used."""
        return g

    def step(self, theta: Any, g: Any, state: Mapping[str, Any], t: int, lr: float, momentum: float) -> tuple[Any, dict[str, Any]]:
        with np.errstate(all="ignore"):
            g = self.see(g)
            v = (momentum * state["v"] + (g if self.outside else lr * g)).astype(theta.dtype)
            return (theta - (lr * v if self.outside else v)).astype(theta.dtype), {"v": v}


class Hiding(Momentum):
    """A gradient that is not finite is taken for zero."""

    def see(self, g: Any) -> Any:
        return np.where(np.isfinite(g), g, np.zeros_like(g))


class HidingOutside(Hiding):
    outside = True


class Refusing(Momentum):
    """A gradient that is not finite is refused."""

    def see(self, g: Any) -> Any:
        if not np.isfinite(g).all():
            raise ValueError("the gradient is not finite")
        return g


class Spreading(Momentum):
    """One NaN makes the whole tensor NaN."""

    def see(self, g: Any) -> Any:
        return g + np.where(np.isnan(g).any(), np.nan, 0).astype(g.dtype)


def _footer(name: str) -> dict[str, Any]:
    report = refopt.check(f"python:tests.conformance.judge.test_edge_case_policy:{name}", "momentum", dtypes=["float64"])
    footer: dict[str, Any] = report.footer
    return footer


def test_a_hidden_nan_is_a_deviation_that_is_named() -> None:
    footer = _footer("Hiding")
    assert (footer["verdict"], footer["nearest"]) == ("deviates", "momentum")
    assert footer["edit"] == "run: infinite gradients and NaN gradients leave theta finite"


def test_hiding_does_not_keep_a_variant_from_being_named() -> None:
    footer = _footer("HidingOutside")
    assert (footer["verdict"], footer["matches"]) == ("variant", "momentum/lr_outside")


@pytest.mark.parametrize("name", ["Momentum", "Refusing"])
def test_what_gives_nan_or_refuses_conforms(name: str) -> None:
    assert _footer(name)["verdict"] == "conforms"


def test_a_nan_that_spreads_to_other_elements_deviates() -> None:
    assert _footer("Spreading")["verdict"] == "deviates"
