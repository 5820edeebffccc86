# Generated from the formula by: refopt generate sgdw/lr_inside --to numpy
# Fingerprint of the formula: daf9c97bfe31a7fc146d0416565da87e0e4eb252739386cbe60867832810f108
"""Momentum with decoupled weight decay, the rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - lr*weight_decay*theta - v

Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, arXiv:1711.05101.
Differs from sgdw: the velocity holds the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the velocity that is kept; 0 <= momentum < 1
    weight_decay  decay of the weights; 0 <= weight_decay

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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, momentum: float = 0.9, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, v = arrays({"theta": theta, "g": g}, state, "v")
    counter(t, 1)
    lr, momentum, weight_decay = floats(lr, momentum, weight_decay)
    scalar = rounder(theta.dtype)
    lr_times_weight_decay = scalar(lr * weight_decay)
    momentum = scalar(momentum)
    lr = scalar(lr)
    with np.errstate(all="ignore"):
        v = momentum * v + lr * g
        theta = theta - lr_times_weight_decay * theta - v
    return np.asarray(theta), {"v": np.asarray(v)}
