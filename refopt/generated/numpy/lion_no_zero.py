# Generated from the formula by: refopt generate lion/no_zero --to numpy
# Fingerprint of the formula: 3bb79cf79071c22e402f006cfedcf189ac90ada5dcc36dd5a70b381335bc39f4
"""Lion whose sign is 1 at zero.

    c     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(where(c >= 0, 1, -1) + weight_decay*theta)
    m     <- beta2*m + (1 - beta2)*g

Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.
Differs from lion: the sign of 0 is 1: what has no gradient moves by the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of the momentum in the step; 0 <= beta1 < 1
    beta2         decay of the momentum; 0 <= beta2 < 1
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
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.0001, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, m = arrays({"theta": theta, "g": g}, state, "m")
    counter(t, 1)
    lr, beta1, beta2, weight_decay = floats(lr, beta1, beta2, weight_decay)
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    zero = scalar(0)
    one = scalar(1)
    number_minus_1 = scalar(-1)
    one_minus_beta2 = scalar(1 - beta2)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    weight_decay = scalar(weight_decay)
    beta2 = scalar(beta2)
    with np.errstate(all="ignore"):
        c = beta1 * m + one_minus_beta1 * g
        theta = theta - lr * (np.where(c >= zero, one, number_minus_1) + weight_decay * theta)
        m = beta2 * m + one_minus_beta2 * g
    return np.asarray(theta), {"m": np.asarray(m)}
