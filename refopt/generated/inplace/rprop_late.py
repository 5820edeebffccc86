# Generated from the formula by: refopt generate rprop/late --to inplace
# Fingerprint of the formula: 859a8811753edeed34e940a60a7f8fa380771e67f38a13014e04994f781b9712
"""Rprop that takes each step one update late.

    p            <- g*pending
    update_value <- where(p > 0, min(step_max, max(step_min, update_value*eta_plus)), where(p < 0, min(step_max,
            max(step_min, update_value*eta_minus)), update_value))
    theta        <- theta - where(p < 0, 0, pending)
    pending      <- where(p < 0, 0, update_value*sign(g))

Source: Igel & Huesken 2003, iRprop-, every Delta_0 is lr, doi:10.1016/S0925-2312(01)00700-7.
Differs from rprop: each step is taken one update late, and both limits hold.

Hyperparameters:
    lr         the step that every element starts from; 0 <= lr
    eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1
    eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus
    step_min   the least step that a change of sign leaves; 0 <= step_min
    step_max   the largest step that the same sign gives; 0 < step_max

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array

RULE = "rprop/late"
FINGERPRINT = "859a8811753edeed34e940a60a7f8fa380771e67f38a13014e04994f781b9712"
HYPER: dict[str, float] = {"lr": 0.01, "eta_minus": 0.5, "eta_plus": 1.2, "step_min": 1e-06, "step_max": 50.0}
DOMAIN = {"lr": "0 <= lr", "eta_minus": "0 < eta_minus < 1", "eta_plus": "1 < eta_plus", "step_min": "0 <= step_min", "step_max": "0 < step_max"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("lr",)
STATE: tuple[str, ...] = ("update_value", "pending")
SCRATCH = 2


def outside(lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eta_minus > 0 and eta_minus < 1):
        return "eta_minus"
    if not (eta_plus > 1):
        return "eta_plus"
    if not (step_min >= 0):
        return "step_min"
    if not (step_max > 0):
        return "step_max"
    return None


def init(theta: Array, update_value: Array, pending: Array, lr: float) -> None:
    """The state before the first update, into the arrays given."""
    update_value.fill(lr)
    pending.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    zero = scalar(0)
    return (zero, scalar(step_max), scalar(step_min), scalar(eta_plus), scalar(eta_minus))


def update(
    theta: Array, g: Array, update_value: Array, pending: Array, a: Array, b: Array, zero: Any, step_max: Any, step_min: Any, eta_plus:
    Any, eta_minus: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # p <- g*pending
    np.multiply(g, pending, out=a)
    # update_value <- where(p > 0, min(step_max, max(step_min, update_value*eta_plus)), where(p < 0, min(step_max, max(step_min, update_value*eta_minus)), update_value))
    np.multiply(update_value, eta_minus, out=b)
    np.maximum(step_min, b, out=b)
    np.minimum(step_max, b, out=b)
    chosen = np.less(a, zero)
    np.copyto(b, np.where(chosen, b, update_value))
    np.multiply(update_value, eta_plus, out=update_value)
    np.maximum(step_min, update_value, out=update_value)
    np.minimum(step_max, update_value, out=update_value)
    chosen = np.greater(a, zero)
    np.copyto(update_value, np.where(chosen, update_value, b))
    # theta <- theta - where(p < 0, 0, pending)  (the step of the update before)
    chosen = np.less(a, zero)
    np.copyto(b, np.where(chosen, zero, pending))
    np.subtract(theta, b, out=theta)
    # pending <- where(p < 0, 0, update_value*sign(g))
    np.sign(g, out=pending)
    np.multiply(update_value, pending, out=pending)
    chosen = np.less(a, zero)
    np.copyto(pending, np.where(chosen, zero, pending))
