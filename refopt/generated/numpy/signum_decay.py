# Generated from the formula by: refopt generate signum/decay --to numpy
# Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
"""The sign of the momentum with decoupled weight decay (Tiger).

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(sign(m) + weight_decay*theta)

Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
Differs from signum: weight_decay*theta beside the sign.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the momentum; 0 <= beta1 < 1
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
    return {"m": np.zeros_like(theta)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.01, beta1: float = 0.9, weight_decay: float = 0.01
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m = arrays({"theta": theta, "g": g}, state, "m")
    counter(t, 1)
    lr, beta1, weight_decay = floats(lr, beta1, weight_decay)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    weight_decay = scalar(weight_decay)
    with np.errstate(all="ignore"):
        m = beta1 * m + one_minus_beta1 * g
        theta = theta - lr * (np.sign(m) + weight_decay * theta)
    return np.asarray(theta), {"m": np.asarray(m)}
