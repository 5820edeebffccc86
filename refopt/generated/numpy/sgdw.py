# Generated from the formula by: refopt generate sgdw --to numpy
# Fingerprint of the formula: 02099a8e38d1f738f56719a8a2acd647d3651b9e25b5b9765eea11cbb87204f0
"""Momentum with decoupled weight decay.

    v     <- momentum*v + g
    theta <- theta - lr*weight_decay*theta - lr*v

Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, the rate outside the velocity, arXiv:1711.05101.

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
        v = momentum * v + g
        theta = theta - lr_times_weight_decay * theta - lr * v
    return np.asarray(theta), {"v": np.asarray(v)}
