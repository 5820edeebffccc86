# Generated from the formula by: refopt generate momentum --to numpy
# Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
"""Momentum, learning rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - v

Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.

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
        v = momentum * v + lr * g
        theta = theta - v
    return np.asarray(theta), {"v": np.asarray(v)}
