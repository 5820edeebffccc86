# Generated from the formula by: refopt generate adamaxw --to inplace
# Fingerprint of the formula: ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1
"""AdaMax with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    u     <- max(beta2*u, abs(g) + eps)
    theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u

Source: Kingma & Ba 2015, Algorithm 2, eps added to |g|, arXiv:1412.6980.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on AdaMax, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the infinity norm; 0 <= beta2 < 1
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

RULE = "adamaxw"
FINGERPRINT = "ea7439f6c193f3e395cfc63c6465bdc57790f2c4292deb4aa18474deed0d71f1"
HYPER: dict[str, float] = {"lr": 0.002, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "u")
SCRATCH = 1


def outside(lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, m: Array, u: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    u.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    lr_times_weight_decay = scalar(lr * weight_decay)
    step_size = scalar(lr / (1 - power(beta1, t)))
    return (one_minus_beta1, lr_times_weight_decay, step_size, scalar(beta1), scalar(beta2), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, u: Array, a: Array, one_minus_beta1: Any, lr_times_weight_decay: Any, step_size: Any, beta1: Any,
    beta2: Any, eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
    # u <- max(beta2*u, abs(g) + eps)
    np.absolute(g, out=a)
    np.add(a, eps, out=a)
    np.multiply(beta2, u, out=u)
    np.maximum(u, a, out=u)
    # theta <- theta - lr*weight_decay*theta - lr / (1 - beta1^t) * m / u
    np.multiply(lr_times_weight_decay, theta, out=a)
    np.subtract(theta, a, out=theta)
    np.multiply(step_size, m, out=a)
    np.divide(a, u, out=a)
    np.subtract(theta, a, out=theta)
