"""Numbers of one value that are kept or formed in a narrower format: told as such, by name, and never an excuse for another formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule
from refopt.conformance.diagnose.cause import ScalarsFormedIn, StateKeptIn
from refopt.conformance.diagnose.precision_causes import causes
from refopt.conformance.diagnose.running_error import Units
from refopt.conformance.judge.model import Model, in_force
from refopt.report.words import told
from refopt.rounding.bound import Profile
from refopt.rounding.formats import BFLOAT16, FLOAT32, FLOAT64

NADAM, ADAM, RADAM = rule("nadam"), rule("adam"), rule("radam")
CASES = ["nadam-open-basic-001", "nadam-resume-001"]


@dataclass(frozen=True)
class Product:
    """NAdam whose product of momenta is kept in float32, or all of whose scalars are; each momentum stands in it `power` times."""

    power: int = 1
    scalars: Any = np.float64

    def init(self, theta: Any) -> dict[str, Any]:
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "mu_product": np.asarray(1, np.float32)}

    def step(self, theta: Any, grad: Any, state: Mapping[str, Any], t: int, *, momentum_decay: float, **hyper: float) -> tuple[Any, dict[str, Any]]:
        lr, beta1, beta2, eps, half, base, one, psi = map(self.scalars, (*(hyper[n] for n in ("lr", "beta1", "beta2", "eps")), 0.5, 0.96, 1, momentum_decay))
        mu, after = (beta1 * (one - half * base ** (self.scalars(k) * psi)) for k in (t, t + 1))
        product = np.float32(self.scalars(state["mu_product"]) * mu**self.power)
        kept = self.scalars(product)
        m = beta1 * state["m"] + (one - beta1) * grad
        v = beta2 * state["v"] + (one - beta2) * grad * grad
        v_hat = v / (one - beta2 ** self.scalars(t))
        theta = theta - lr * ((one - mu) / (one - kept) * grad + after / (one - kept * after) * m) / (np.sqrt(v_hat) + eps)
        return theta, {"m": m, "v": v, "mu_product": np.asarray(product)}


def test_a_product_kept_in_float32_is_the_right_formula_and_less_precise() -> None:
    report = refopt.check(Product, "nadam", dtypes=["float64"], cases=CASES)
    assert (report.footer["verdict"], report.footer["precision"]) == ("conforms", "reduced")
    assert "the formula is right, but mu_product is kept in float32" in str(report)


def test_a_wrong_product_that_is_kept_in_float32_besides_is_another_formula() -> None:
    footer = refopt.check(lambda: Product(power=2), "nadam", dtypes=["float64"], cases=CASES, search=0).footer
    assert footer["verdict"] == "deviates"


def test_all_scalars_in_float32_are_told_as_such() -> None:
    report = refopt.check(lambda: Product(scalars=np.float32), "nadam", dtypes=["float64"], cases=CASES[:1])
    assert (report.footer["verdict"], report.footer["precision"]) == ("conforms", "reduced")
    assert "are formed in float32" in str(report)


@pytest.mark.parametrize(("model", "narrowest"), [
    (Model("nadam", NADAM), FLOAT64),
    (Model("nadam", NADAM, stored_in=FLOAT32, stored=("mu_product",)), FLOAT32),
    (Model("nadam", NADAM, stored_in=BFLOAT16, stored=("m",)), FLOAT64),
    (Model("nadam", NADAM, stored_in=BFLOAT16), BFLOAT16),
    (Model("adam", ADAM, stored_in=BFLOAT16), FLOAT64),
    (Model("adam", ADAM, profile=Profile(formed_in="float32")), FLOAT32),
])  # fmt: skip
def test_the_format_that_scalars_go_through(model: Model, narrowest: Any) -> None:
    assert model.scalars_in is narrowest


def test_scalars_may_lose_their_last_digits_below_the_smallest_normal_number_of_what_they_are_formed_in() -> None:
    assert Units.of(FLOAT64).least == 0
    assert Units.of(FLOAT64, scalar=float(FLOAT32.u)).least == float(FLOAT32.smallest_normal)


def test_a_cause_that_leaves_less_open_comes_first_and_rules_without_such_scalars_have_none() -> None:
    found = [c.of for c in causes(Model("nadam", NADAM), in_force(NADAM, {}, {}), FLOAT64)]
    kept = StateKeptIn(FLOAT32, "mu_product")
    formed = next(x for x in found if isinstance(x, ScalarsFormedIn))
    assert found.index(kept) < found.index(formed)
    assert {"mu", "mu_next"} <= set(formed.names) and "mu_next" in told(formed)
    assert any(isinstance(c.of, ScalarsFormedIn) for c in causes(Model("radam", RADAM), in_force(RADAM, {}, {}), FLOAT64))
    plain = replace(ADAM, name="adam")
    assert not any(isinstance(c.of, ScalarsFormedIn) for c in causes(Model("adam", plain), in_force(plain, {}, {}), FLOAT64))
