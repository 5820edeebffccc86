# Generated from the formula by: refopt generate momentum/ema --to numpy
# Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
"""Momentum as an average of the gradients.

    v     <- momentum*v + (1 - momentum)*g
    theta <- theta - lr*v

Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
Differs from momentum: the gradient enters (1 - momentum) times.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, momentum: float = 0.9
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, v = arrays({"theta": theta, "g": g}, state, "v")
    counter(t, 1)
    lr, momentum = floats(lr, momentum)
    scalar = rounder(theta.dtype)
    one_minus_momentum = scalar(1 - momentum)
    momentum = scalar(momentum)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        v = momentum * v + one_minus_momentum * g
        theta = theta - lr * v
    return np.asarray(theta), {"v": np.asarray(v)}
