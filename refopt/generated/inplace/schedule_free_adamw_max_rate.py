# Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to inplace
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

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array, power

RULE = "schedule_free_adamw/max_rate"
FINGERPRINT = "349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a"
HYPER: dict[str, float] = {"lr": 0.0025, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "weight_decay": 0.0}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 < beta1 <= 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("z", "v")
ONE_VALUE: dict[str, float] = {"weight_sum": 0.0, "lr_max": 0.0}
SCRATCH = 3


def outside(lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 > 0 and beta1 <= 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, z: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    np.copyto(z, theta)
    v.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], weight_sum: float, lr_max: float, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    lr_max = max(lr_max, lr)
    weight = lr_max**2
    weight_sum = weight_sum + weight
    c_ = weight / weight_sum if weight_sum > 0 else 0
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    one_minus_beta1 = scalar(1 - beta1)
    lr_times_weight_decay = scalar(lr * weight_decay)
    one_minus_c_ = scalar(1 - c_)
    return (one_minus_beta2, bias_correction2, one_minus_beta1, lr_times_weight_decay, one_minus_c_, scalar(beta2), scalar(beta1), scalar(lr), scalar(eps), scalar(c_), (weight_sum, lr_max,))


def update(
    theta: Array, g: Array, z: Array, v: Array, a: Array, b: Array, c: Array, one_minus_beta2: Any, bias_correction2: Any,
    one_minus_beta1: Any, lr_times_weight_decay: Any, one_minus_c_: Any, beta2: Any, beta1: Any, lr: Any, eps: Any, c_: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- beta2*v + (1 - beta2)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_beta2, a, out=a)
    np.multiply(beta2, v, out=v)
    np.add(v, a, out=v)
    # v_hat <- v / (1 - beta2^t)
    np.divide(v, bias_correction2, out=a)
    # x_before <- (theta - (1 - beta1)*z) / beta1
    np.multiply(one_minus_beta1, z, out=b)
    np.subtract(theta, b, out=b)
    np.divide(b, beta1, out=b)
    # z <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.multiply(lr, g, out=c)
    np.divide(c, a, out=a)
    np.multiply(lr_times_weight_decay, theta, out=c)
    np.subtract(z, c, out=z)
    np.subtract(z, a, out=z)
    # x <- (1 - c_)*x_before + c_*z
    np.multiply(one_minus_c_, b, out=a)
    np.multiply(c_, z, out=b)
    np.add(a, b, out=a)
    # theta <- (1 - beta1)*z + beta1*x
    np.multiply(one_minus_beta1, z, out=theta)
    np.multiply(beta1, a, out=a)
    np.add(theta, a, out=theta)
