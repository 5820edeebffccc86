# Generated from the formula by: refopt generate rprop/minus --to numpy
# Fingerprint of the formula: de6b9eb857f7e0824e728b6ad2cf6b0998bb92412dd0188a9f39c448b1c8bda7
"""Rprop without backtracking that goes on with the new sign at once (Rprop-).

    p            <- g*g_before
    update_value <- where(p > 0, min(update_value*eta_plus, step_max), where(p < 0, max(update_value*eta_minus,
            step_min), update_value))
    g_before     <- g
    theta        <- theta - update_value*sign(g_before)

Source: Igel & Huesken 2003, Rprop-, Riedmiller's of 1994, doi:10.1016/S0925-2312(01)00700-7.
Differs from rprop: the gradient whose sign has changed is used and kept.

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
    return {"update_value": np.full_like(theta, lr), "g_before": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, update_value, g_before = arrays({"theta": theta, "g": g}, state, "update_value", "g_before")
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
        g_before = g
        theta = theta - update_value * np.sign(g_before)
    return np.asarray(theta), {"update_value": np.asarray(update_value), "g_before": np.array(g_before)}
