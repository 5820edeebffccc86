"""Weights that decay after the step, gradients that are multiplied besides: made for every rule, named where nothing else is wrong."""

from __future__ import annotations

import numpy as np
import pytest

import refopt
from refopt.catalogue import rule, rules
from refopt.conformance.diagnose.decay_edits import decay_edits
from refopt.golden.mutants import formula
from refopt.language.rule import Rule
from refopt.report.words import told
from tests.implementations.arithmetic import mean, rounded
from tests.implementations.program import Array, Factory, Result, State, program

KINDS = ("basic", "low", "zeros", "rate", "shapes", "far")


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_no_edit_is_made_twice_and_none_is_the_rule(r: Rule) -> None:
    texts = [formula(e.rule) for e in decay_edits(r)]
    assert len(set(texts)) == len(texts) > 0 and formula(r) not in texts


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("amsgrad", "theta: decays by lr*0.0005 after the step"),
        ("adamw", "theta: decays by weight_decay after the step, and not before"),
        ("nesterov", "everywhere: g -> g / 64"),
        ("sgd", "everywhere: g -> g / 2 + 0.0001*theta"),
        ("sgd", "everywhere: g -> (g + 0.0001*theta) / 2"),
        ("adamw", "everywhere: g -> 2*g + weight_decay*theta, and not before"),
    ],
)
def test_what_people_write_is_among_them(name: str, text: str) -> None:
    lines = {told(e.change) for e in decay_edits(rule(name))}
    assert text in lines, sorted(lines)


@program("v")
def mean_over_48(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """RMSProp with the mean of 48 gradients where their sum is given."""
    (share, rate, epsilon) = rounded(theta, 1 / 48, lr, eps)
    g = share * grad
    v = mean(state["v"], g * g, rho)
    return theta - rate * g / (np.sqrt(v) + epsilon), {"v": v}


@program("v")
def decays_before_it_is_divided(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Nesterov with weight decay in the gradient, and all of it over 16."""
    (share, decay, keep, rate) = rounded(theta, 1 / 16, 0.001, momentum, lr)
    g = share * (grad + decay * theta)
    v = keep * state["v"] + rate * g
    return theta - (keep * v + rate * g), {"v": v}


@program("v")
def shrinks_afterwards(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Momentum whose new weights shrink by a thousandth."""
    (shrink, keep, rate) = rounded(theta, 0.001, momentum, lr)
    v = keep * state["v"] + rate * grad
    new = theta - v
    return new - shrink * new, {"v": v}


@pytest.mark.parametrize(
    ("make", "rule_name", "told"),
    [
        (mean_over_48, "rmsprop", "everywhere: g -> g / 48"),
        (decays_before_it_is_divided, "nesterov", "everywhere: g -> (g + 0.001*theta) / 16"),
        (shrinks_afterwards, "momentum", "theta: decays by 0.001 after the step"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_decay_or_a_factor_at_another_place_is_named(make: Factory, rule_name: str, told: str) -> None:
    cases = [f"{rule_name}-open-{kind}-001" for kind in KINDS]
    footer = refopt.check(make, rule_name, dtypes=["float64"], cases=cases, search=120).footer
    assert footer["verdict"] == "deviates" and (footer["edit"] or "").startswith(told), footer["edit"]
