# Generated from the formula by: refopt generate signum/decay --to inplace
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

RULE = "signum/decay"
FINGERPRINT = "2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8"
HYPER: dict[str, float] = {"lr": 0.01, "beta1": 0.9, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m",)
SCRATCH = 2


def outside(lr: float, beta1: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, m: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, weight_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    return (one_minus_beta1, scalar(beta1), scalar(lr), scalar(weight_decay))


def update(theta: Array, g: Array, m: Array, a: Array, b: Array, one_minus_beta1: Any, beta1: Any, lr: Any, weight_decay: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
    # theta <- theta - lr*(sign(m) + weight_decay*theta)
    np.sign(m, out=a)
    np.multiply(weight_decay, theta, out=b)
    np.add(a, b, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
