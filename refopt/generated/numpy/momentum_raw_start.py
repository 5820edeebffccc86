# Generated from the formula by: refopt generate momentum/raw_start --to numpy
# Fingerprint of the formula: 78a8583b4f421d637b98d00994fb512a10652a79f41d6cae34aab84261b47017
"""Momentum with a dampened gradient, the first one undamped.

    v     <- where(t = 1, g, momentum*v + (1 - dampening)*g)
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the first velocity is the undamped gradient.

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
    t = counter(t, 1)
    lr, momentum, dampening = floats(lr, momentum, dampening)
    scalar = rounder(theta.dtype)
    one_minus_dampening = scalar(1 - dampening) if not (t == 1) else scalar(0)
    momentum = scalar(momentum)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        v = g if t == 1 else momentum * v + one_minus_dampening * g
        theta = theta - lr * v
    return np.asarray(theta), {"v": np.array(v)}
