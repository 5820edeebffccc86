# Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to numpy
# Fingerprint of the formula: 349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a
"""Schedule-free AdamW whose average weighs by the largest rate so far.

    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    lr_max     <- max(lr_max, lr)
    weight     <- lr_max^2
    weight_sum <- weight_sum + weight
    c          <- where(weight_sum > 0, weight / weight_sum, 0)
    x_before   <- (theta - (1 - beta1)*z) / beta1
    z          <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
    x          <- (1 - c)*x_before + c*z
    theta      <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
Differs from schedule_free_adamw: the largest rate so far weighs: a rate that falls weighs no less.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of x where g is taken; 0 < beta1 <= 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

Arrays may have any shape and any floating-point format, ml_dtypes' included, and keep both; the inputs are not changed.
Scalars are formed in binary64 and rounded once to the arrays' format. Infinities and NaN come out where the formula
gives them, without a warning.
"""

from __future__ import annotations

import numpy as np

from refopt.generated.numpy._arguments import Array, arrays, counter, floats, power, real, rounder


def init(theta: Array) -> dict[str, Array]:
    """The state before the first update."""
    (theta,) = arrays({"theta": theta})
    return {"z": np.array(theta), "v": np.zeros_like(theta), "weight_sum": np.asarray(0, np.float64), "lr_max": np.asarray(0, np.float64)}


def step(
    theta: Array, g: Array, state: dict[str, Array], t: int, *, lr: float = 0.0025, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.0
) -> tuple[Array, dict[str, Array]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    theta, g, z, v = arrays({"theta": theta, "g": g}, state, "z", "v", beside=("weight_sum", "lr_max",))
    weight_sum = real(state, "weight_sum")
    lr_max = real(state, "lr_max")
    t = counter(t, 1)
    lr, beta1, beta2, eps, weight_decay = floats(lr, beta1, beta2, eps, weight_decay)
    lr_max = max(lr_max, lr)
    weight = lr_max**2
    weight_sum = weight_sum + weight
    c = weight / weight_sum if weight_sum > 0 else 0
    scalar = rounder(theta.dtype)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    one_minus_beta1 = scalar(1 - beta1)
    lr_times_weight_decay = scalar(lr * weight_decay)
    one_minus_c = scalar(1 - c)
    beta2 = scalar(beta2)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    eps = scalar(eps)
    c = scalar(c)
    with np.errstate(all="ignore"):
        v = beta2 * v + one_minus_beta2 * np.square(g)
        v_hat = v / bias_correction2
        x_before = (theta - one_minus_beta1 * z) / beta1
        z = z - lr_times_weight_decay * theta - lr * g / (np.sqrt(v_hat) + eps)
        x = one_minus_c * x_before + c * z
        theta = one_minus_beta1 * z + beta1 * x
    return np.asarray(theta), {"z": np.asarray(z), "v": np.asarray(v), "weight_sum": np.asarray(weight_sum), "lr_max": np.asarray(lr_max)}
