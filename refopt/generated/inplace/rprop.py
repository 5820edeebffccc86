# Generated from the formula by: refopt generate rprop --to inplace
# Fingerprint of the formula: 15ecf149f82fec6d8a0714aef03d469256920dba52bb628886be95fefaf3f2d8
"""A step for each element by the signs of its gradients, no backtracking (iRprop-).

    p            <- g*g_before
    update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
            step_min), update_value))
    g_before     <- where(p < 0, 0, g)
    theta        <- theta - update_value*sign(g_before)

Source: Igel & Huesken 2003, iRprop-, every Delta_0 is lr, doi:10.1016/S0925-2312(01)00700-7.

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

RULE = "rprop"
FINGERPRINT = "15ecf149f82fec6d8a0714aef03d469256920dba52bb628886be95fefaf3f2d8"
HYPER: dict[str, float] = {"lr": 0.01, "eta_minus": 0.5, "eta_plus": 1.2, "step_min": 1e-06, "step_max": 50.0}
DOMAIN = {"lr": "0 <= lr", "eta_minus": "0 < eta_minus < 1", "eta_plus": "1 < eta_plus", "step_min": "0 <= step_min", "step_max": "0 < step_max"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("lr",)
STATE: tuple[str, ...] = ("update_value", "g_before")
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


def init(theta: Array, update_value: Array, g_before: Array, lr: float) -> None:
    """The state before the first update, into the arrays given."""
    update_value.fill(lr)
    g_before.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    zero = scalar(0)
    return (zero, scalar(eta_plus), scalar(step_max), scalar(eta_minus), scalar(step_min))


def update(
    theta: Array, g: Array, update_value: Array, g_before: Array, a: Array, b: Array, zero: Any, eta_plus: Any, step_max: Any,
    eta_minus: Any, step_min: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # p <- g*g_before
    np.multiply(g, g_before, out=a)
    # update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus, step_min), update_value))
    np.multiply(update_value, eta_minus, out=b)
    np.maximum(b, step_min, out=b)
    chosen = np.less(a, zero)
    np.copyto(b, np.where(chosen, b, update_value))
    np.multiply(update_value, eta_plus, out=update_value)
    np.minimum(update_value, step_max, out=update_value)
    chosen = np.greater(a, zero)
    np.copyto(update_value, np.where(chosen, update_value, b))
    # g_before <- where(p < 0, 0, g)
    chosen = np.less(a, zero)
    np.copyto(g_before, np.where(chosen, zero, g))
    # theta <- theta - update_value*sign(g_before)
    np.sign(g_before, out=a)
    np.multiply(update_value, a, out=a)
    np.subtract(theta, a, out=theta)
