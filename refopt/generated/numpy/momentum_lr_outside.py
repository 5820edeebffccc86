# Generated from the formula by: refopt generate momentum/lr_outside --to numpy
# Fingerprint of the formula: f3d75a9644c9393966ae1d2b9b1e8456121ee878ca50cfb38cd67f41095cb1dc
"""Momentum, learning rate outside the velocity.

    v     <- momentum*v + g
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: a changed rate acts on the whole velocity at once.

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
    momentum = scalar(momentum)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        v = momentum * v + g
        theta = theta - lr * v
    return np.asarray(theta), {"v": np.asarray(v)}
