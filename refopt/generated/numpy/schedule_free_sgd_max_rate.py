# Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to numpy
# Fingerprint of the formula: 220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141
"""Schedule-free SGD whose average weighs by the largest rate so far.

    lr_max     <- max(lr_max, lr)
    weight     <- lr_max^2
    weight_sum <- weight_sum + weight
    c          <- where(weight_sum > 0, weight / weight_sum, 0)
    x_before   <- (theta - (1 - beta1)*z) / beta1
    z          <- z - lr*g
    x          <- (1 - c)*x_before + c*z
    theta      <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
Differs from schedule_free_sgd: the largest rate so far weighs: a rate that falls weighs no less.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  share of x where g is taken; 0 < beta1 <= 1

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, real, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"z": np.array(theta), "weight_sum": np.asarray(0, np.float64), "lr_max": np.asarray(0, np.float64)}


def step(theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 1.0, beta1: float = 0.9) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, z = arrays({"theta": theta, "g": g}, state, "z", beside=("weight_sum", "lr_max",))
    weight_sum = real(state, "weight_sum")
    lr_max = real(state, "lr_max")
    counter(t, 1)
    lr, beta1 = floats(lr, beta1)
    lr_max = max(lr_max, lr)
    weight = lr_max**2
    weight_sum = weight_sum + weight
    c = weight / weight_sum if weight_sum > 0 else 0
    scalar = rounder(theta.dtype)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_c = scalar(1 - c)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    c = scalar(c)
    with np.errstate(all="ignore"):
        x_before = (theta - one_minus_beta1 * z) / beta1
        z = z - lr * g
        x = one_minus_c * x_before + c * z
        theta = one_minus_beta1 * z + beta1 * x
    return np.asarray(theta), {"z": np.asarray(z), "weight_sum": np.asarray(weight_sum), "lr_max": np.asarray(lr_max)}
