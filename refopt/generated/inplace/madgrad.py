# Generated from the formula by: refopt generate madgrad --to inplace
# Fingerprint of the formula: 71361929cd6879b3e798508473cf2ef3e0c04daec34b46b77eee5db9d1b7f5d6
"""Dual averaging with a cube root and momentum.

    lam   <- lr*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*theta + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the parameter that is kept; 0 <= momentum < 1
    eps       keeps the division finite; 0 <= eps

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

RULE = "madgrad"
FINGERPRINT = "71361929cd6879b3e798508473cf2ef3e0c04daec34b46b77eee5db9d1b7f5d6"
HYPER: dict[str, float] = {"lr": 0.01, "momentum": 0.9, "eps": 1e-06}
DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("s", "n", "theta_start")
SCRATCH = 1


def outside(lr: float, momentum: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Array, s: Array, n: Array, theta_start: Array) -> None:
    """The state before the first update, into the arrays given."""
    s.fill(0)
    n.fill(0)
    np.copyto(theta_start, theta)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, momentum: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    lam = lr * math.sqrt(t)
    one_minus_momentum = scalar(1 - momentum)
    return (one_minus_momentum, scalar(lam), scalar(eps), scalar(momentum))


def update(
    theta: Array, g: Array, s: Array, n: Array, theta_start: Array, a: Array, one_minus_momentum: Any, lam: Any, eps: Any, momentum: Any
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
    # theta <- momentum*theta + (1 - momentum)*z
    np.multiply(momentum, theta, out=theta)
    np.multiply(one_minus_momentum, a, out=a)
    np.add(theta, a, out=theta)
