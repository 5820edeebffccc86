# Generated from the formula by: refopt generate momentum/dampened --to numpy
# Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
"""Momentum with a dampened gradient, learning rate outside.

    v     <- momentum*v + (1 - dampening)*g
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.

Hyperparameters:
    lr         step size; 0 <= lr
    momentum   share of the velocity that is kept; 0 <= momentum < 1
    dampening  share of the gradient that is held back; 0 <= dampening < 1

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"v": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, momentum: float = 0.9, dampening: float = 0.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, v = arrays({"theta": theta, "g": g}, state, "v")
    counter(t, 1)
    lr, momentum, dampening = floats(lr, momentum, dampening)
    scalar = rounder(theta.dtype)
    one_minus_dampening = scalar(1 - dampening)
    momentum = scalar(momentum)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        v = momentum * v + one_minus_dampening * g
        theta = theta - lr * v
    return np.asarray(theta), {"v": np.asarray(v)}
