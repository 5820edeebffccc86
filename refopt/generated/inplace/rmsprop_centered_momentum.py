# Generated from the formula by: refopt generate rmsprop/centered_momentum --to inplace
# Fingerprint of the formula: 3b72dbd897717e2d0b9eae0141e2022d1653ddbd670856f304dbb78fc8457f79
"""RMSProp with the gradient's variance, and momentum.

    v     <- rho*v + (1 - rho)*g^2
    m     <- rho*m + (1 - rho)*g
    b     <- momentum*b + g / (sqrt(v - m^2) + eps)
    theta <- theta - lr*b

Source: Graves 2013, equations (38) to (41), arXiv:1308.0850.
Differs from rmsprop: the squared mean of the gradient is taken off v; a velocity.

Hyperparameters:
    lr        step size; 0 <= lr
    rho       decay of the mean square; 0 <= rho < 1
    eps       keeps the division finite; 0 <= eps
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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

RULE = "rmsprop/centered_momentum"
FINGERPRINT = "3b72dbd897717e2d0b9eae0141e2022d1653ddbd670856f304dbb78fc8457f79"
HYPER: dict[str, float] = {"lr": 0.001, "rho": 0.9, "eps": 1e-08, "momentum": 0.9}
DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps", "momentum": "0 <= momentum < 1"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v", "m", "b")
SCRATCH = 1


def outside(lr: float, rho: float, eps: float, momentum: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (rho >= 0 and rho < 1):
        return "rho"
    if not (eps >= 0):
        return "eps"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    return None


def init(theta: Array, v: Array, m: Array, b_: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)
    m.fill(0)
    b_.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, rho: float, eps: float, momentum: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_rho = scalar(1 - rho)
    return (one_minus_rho, scalar(rho), scalar(momentum), scalar(eps), scalar(lr))


def update(
    theta: Array, g: Array, v: Array, m: Array, b_: Array, a: Array, one_minus_rho: Any, rho: Any, momentum: Any, eps: Any, lr: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- rho*v + (1 - rho)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_rho, a, out=a)
    np.multiply(rho, v, out=v)
    np.add(v, a, out=v)
    # m <- rho*m + (1 - rho)*g
    np.multiply(rho, m, out=m)
    np.multiply(one_minus_rho, g, out=a)
    np.add(m, a, out=m)
    # b_ <- momentum*b_ + g / (sqrt(v - m^2) + eps)
    np.square(m, out=a)
    np.subtract(v, a, out=a)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.divide(g, a, out=a)
    np.multiply(momentum, b_, out=b_)
    np.add(b_, a, out=b_)
    # theta <- theta - lr*b_
    np.multiply(lr, b_, out=a)
    np.subtract(theta, a, out=theta)
