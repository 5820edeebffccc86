# Generated from the formula by: refopt generate madgrad/decoupled --to inplace
# Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
"""MADGRAD as code has it, with decoupled weight decay.

    lam   <- (lr + eps)*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the parameter that is kept; 0 < momentum < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array

RULE = "madgrad/decoupled"
FINGERPRINT = "f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd"
HYPER: dict[str, float] = {"lr": 0.01, "momentum": 0.9, "eps": 1e-06, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "momentum": "0 < momentum < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("s", "n", "theta_start")
SCRATCH = 2


def outside(lr: float, momentum: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum > 0 and momentum < 1):
        return "momentum"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, s: Array, n: Array, theta_start: Array) -> None:
    """The state before the first update, into the arrays given."""
    s.fill(0)
    n.fill(0)
    np.copyto(theta_start, theta)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, momentum: float, eps: float, weight_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    lam = (lr + eps) * math.sqrt(t)
    lr_times_weight_decay = scalar(lr * weight_decay)
    one_minus_momentum = scalar(1 - momentum)
    return (lr_times_weight_decay, one_minus_momentum, scalar(lam), scalar(eps), scalar(momentum))


def update(
    theta: Array, g: Array, s: Array, n: Array, theta_start: Array, a: Array, b: Array, lr_times_weight_decay: Any, one_minus_momentum:
    Any, lam: Any, eps: Any, momentum: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # n <- n + lam*g^2
    np.square(g, out=a)
    np.multiply(lam, a, out=a)
    np.add(n, a, out=n)
    # s <- s + lam*g
    np.multiply(lam, g, out=a)
    np.add(s, a, out=s)
    # z <- theta_start - s / (cbrt(n) + eps)
    np.cbrt(n, out=a)
    np.add(a, eps, out=a)
    np.divide(s, a, out=a)
    np.subtract(theta_start, a, out=a)
    # theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z
    np.multiply(lr_times_weight_decay, theta, out=b)
    np.subtract(theta, b, out=theta)
    np.multiply(momentum, theta, out=theta)
    np.multiply(one_minus_momentum, a, out=a)
    np.add(theta, a, out=theta)
