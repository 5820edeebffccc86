# Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to inplace
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

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array

RULE = "schedule_free_sgd/max_rate"
FINGERPRINT = "220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141"
HYPER: dict[str, float] = {"lr": 1.0, "beta1": 0.9}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 < beta1 <= 1"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("z",)
ONE_VALUE: dict[str, float] = {"weight_sum": 0.0, "lr_max": 0.0}
SCRATCH = 2


def outside(lr: float, beta1: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 > 0 and beta1 <= 1):
        return "beta1"
    return None


def init(theta: Array, z: Array) -> None:
    """The state before the first update, into the arrays given."""
    np.copyto(z, theta)


def scalars(t: int, scalar: Callable[[float], Any], weight_sum: float, lr_max: float, lr: float, beta1: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    lr_max = max(lr_max, lr)
    weight = lr_max**2
    weight_sum = weight_sum + weight
    c_ = weight / weight_sum if weight_sum > 0 else 0
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_c_ = scalar(1 - c_)
    return (one_minus_beta1, one_minus_c_, scalar(beta1), scalar(lr), scalar(c_), (weight_sum, lr_max,))


def update(
    theta: Array, g: Array, z: Array, a: Array, b: Array, one_minus_beta1: Any, one_minus_c_: Any, beta1: Any, lr: Any, c_: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # x_before <- (theta - (1 - beta1)*z) / beta1
    np.multiply(one_minus_beta1, z, out=a)
    np.subtract(theta, a, out=a)
    np.divide(a, beta1, out=a)
    # z <- z - lr*g
    np.multiply(lr, g, out=b)
    np.subtract(z, b, out=z)
    # x <- (1 - c_)*x_before + c_*z
    np.multiply(one_minus_c_, a, out=a)
    np.multiply(c_, z, out=b)
    np.add(a, b, out=a)
    # theta <- (1 - beta1)*z + beta1*x
    np.multiply(one_minus_beta1, z, out=theta)
    np.multiply(beta1, a, out=a)
    np.add(theta, a, out=theta)
