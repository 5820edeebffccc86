"""Rprop with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.rprop import GROWN, RPROP, SHRUNK, eta_minus, eta_plus, g_before, p, step_max, step_min, update_value
from refopt.language.expression import g, maximum, minimum, sign, theta, where
from refopt.language.rule import Let

from ..arithmetic import rounded
from ..correct.rprop import Started, resized
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program


@program("update_value", "g_before", kind=Started)
def rprop_factors_exchanged(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """A step grows where the sign has changed, and shrinks where it has not."""
    less, more, least, most, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 0.0)
    p = grad * state["g_before"]
    delta = resized(state["update_value"], p, more, less, least, most)
    g = np.where(p < 0, none, grad)
    return theta - delta * np.sign(g), {"update_value": delta, "g_before": g}


@program("update_value", "g_before", kind=Started)
def rprop_moves_after_a_change(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """The gradient whose sign has changed is forgotten, but used: as FANN was reported to do for one sign."""
    less, more, least, most, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 0.0)
    p = grad * state["g_before"]
    delta = resized(state["update_value"], p, less, more, least, most)
    return theta - delta * np.sign(grad), {"update_value": delta, "g_before": np.where(p < 0, none, grad)}


@program("update_value", "g_before", kind=Started)
def rprop_unlimited(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """step_max is not looked at."""
    less, more, least, none = rounded(theta, eta_minus, eta_plus, step_min, 0.0)
    p = grad * state["g_before"]
    delta = resized(state["update_value"], p, less, more, least, theta.dtype.type(np.inf))
    g = np.where(p < 0, none, grad)
    return theta - delta * np.sign(g), {"update_value": delta, "g_before": g}


@program("update_value", "g_before", kind=Started)
def rprop_times_the_gradient(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """theta - delta g: the size of the gradient is seen."""
    less, more, least, most, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 0.0)
    p = grad * state["g_before"]
    delta = resized(state["update_value"], p, less, more, least, most)
    g = np.where(p < 0, none, grad)
    return theta - delta * g, {"update_value": delta, "g_before": g}


@program("update_value", "g_before", kind=Started)
def rprop_keeps_the_gradient(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """No step after a change of sign, whose gradient is kept: the next one of that sign grows the step."""
    less, more, least, most, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 0.0)
    p = grad * state["g_before"]
    delta = resized(state["update_value"], p, less, more, least, most)
    return theta - delta * np.sign(np.where(p < 0, none, grad)), {"update_value": delta, "g_before": grad.copy()}


# What each computes

PRODUCT, RESIZED, RESET, MOVED = RPROP.steps
FORMULAS = {
    "rprop_factors_exchanged": rewritten(
        RPROP, update_value=where(p > 0, minimum(update_value * eta_minus, step_max), where(p < 0, maximum(update_value * eta_plus, step_min), update_value))
    ),
    "rprop_moves_after_a_change": rewritten(RPROP, theta=theta - update_value * sign(g)),
    "rprop_unlimited": rewritten(RPROP, update_value=where(p > 0, GROWN, where(p < 0, maximum(SHRUNK, step_min), update_value))),
    "rprop_times_the_gradient": rewritten(RPROP, theta=theta - update_value * g_before),
    "rprop_keeps_the_gradient": of_steps(RPROP, PRODUCT, RESIZED, Let(theta, theta - update_value * sign(where(p < 0, 0, g))), Let(g_before, g)),
}
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory, expected: str = "deviates") -> Planted:
    return planted(rule, make, expected, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("rprop", rprop_factors_exchanged),
    _row("rprop", rprop_moves_after_a_change),
    _row("rprop", rprop_unlimited),
    _row("rprop", rprop_times_the_gradient),
    _row("rprop", rprop_keeps_the_gradient),
)
