# Generated from the formula by: refopt generate rmsprop/momentum --to inplace
# Fingerprint of the formula: 76129711470ed81eefdeef3926f8116588a0b76f3de4f7e3df8af09563268353
"""RMSProp with momentum, the rate outside the velocity.

    v     <- rho*v + (1 - rho)*g^2
    b     <- momentum*b + g / (sqrt(v) + eps)
    theta <- theta - lr*b

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: a velocity of the normalized gradients.

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

RULE = "rmsprop/momentum"
FINGERPRINT = "76129711470ed81eefdeef3926f8116588a0b76f3de4f7e3df8af09563268353"
HYPER: dict[str, float] = {"lr": 0.001, "rho": 0.9, "eps": 1e-08, "momentum": 0.9}
DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps", "momentum": "0 <= momentum < 1"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v", "b")
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


def init(theta: Array, v: Array, b_: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)
    b_.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, rho: float, eps: float, momentum: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_rho = scalar(1 - rho)
    return (one_minus_rho, scalar(rho), scalar(momentum), scalar(eps), scalar(lr))


def update(theta: Array, g: Array, v: Array, b_: Array, a: Array, one_minus_rho: Any, rho: Any, momentum: Any, eps: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- rho*v + (1 - rho)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_rho, a, out=a)
    np.multiply(rho, v, out=v)
    np.add(v, a, out=v)
    # b_ <- momentum*b_ + g / (sqrt(v) + eps)
    np.sqrt(v, out=a)
    np.add(a, eps, out=a)
    np.divide(g, a, out=a)
    np.multiply(momentum, b_, out=b_)
    np.add(b_, a, out=b_)
    # theta <- theta - lr*b_
    np.multiply(lr, b_, out=a)
    np.subtract(theta, a, out=theta)
