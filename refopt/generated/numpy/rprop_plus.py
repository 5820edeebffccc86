# Generated from the formula by: refopt generate rprop/plus --to numpy
# Fingerprint of the formula: e44f62fa6af13f27e091c8fe16575ca5255ebd9ced1970049db59d1327232084
"""Rprop with weight backtracking (Rprop+).

    p            <- g*g_before
    update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
            step_min), update_value))
    g_before     <- where(p < 0, 0, g)
    last_change  <- where(p < 0, -last_change, -update_value*sign(g))
    theta        <- theta + last_change

Source: Riedmiller & Braun 1993, Rprop, every Delta_0 is lr, doi:10.1109/ICNN.1993.298623.
Differs from rprop: where the sign has changed, the step before is taken back.

Hyperparameters:
    lr         the step that every element starts from; 0 <= lr
    eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1
    eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus
    step_min   the least step that a change of sign leaves; 0 <= step_min
    step_max   the largest step that the same sign gives; 0 < step_max

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array, *, lr: float = 0.01) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    (lr,) = floats(lr)
    scalar = rounder(theta.dtype)
    lr = scalar(lr)
    return {"update_value": np.full_like(theta, lr), "g_before": np.zeros_like(theta), "last_change": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, update_value, g_before, last_change = arrays({"theta": theta, "g": g}, state, "update_value", "g_before", "last_change")
    counter(t, 1)
    lr, eta_minus, eta_plus, step_min, step_max = floats(lr, eta_minus, eta_plus, step_min, step_max)
    scalar = rounder(theta.dtype)
    zero = scalar(0)
    eta_plus = scalar(eta_plus)
    step_max = scalar(step_max)
    eta_minus = scalar(eta_minus)
    step_min = scalar(step_min)
    with np.errstate(all="ignore"):
        p = g * g_before
        update_value = np.where(p > zero, np.minimum(update_value * eta_plus, step_max), np.where(p < zero, np.maximum(update_value * eta_minus, step_min), update_value))
        g_before = np.where(p < zero, zero, g)
        last_change = np.where(p < zero, -last_change, -(update_value * np.sign(g)))
        theta = theta + last_change
    return np.asarray(theta), {"update_value": np.asarray(update_value), "g_before": np.asarray(g_before), "last_change": np.asarray(last_change)}
