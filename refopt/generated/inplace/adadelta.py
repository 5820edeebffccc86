# Generated from the formula by: refopt generate adadelta --to inplace
# Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
"""Steps in the units of the parameters: as long as the last ones were.

    s     <- rho*s + (1 - rho)*g^2
    d     <- sqrt(u + eps) / sqrt(s + eps) * g
    u     <- rho*u + (1 - rho)*d^2
    theta <- theta - lr*d

Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.

Hyperparameters:
    lr   step size; 0 <= lr
    rho  decay of the mean square; 0 <= rho < 1
    eps  keeps the division finite; 0 <= eps

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

RULE = "adadelta"
FINGERPRINT = "6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e"
HYPER: dict[str, float] = {"lr": 1.0, "rho": 0.9, "eps": 1e-06}
DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("s", "u")
SCRATCH = 2


def outside(lr: float, rho: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (rho >= 0 and rho < 1):
        return "rho"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Array, s: Array, u: Array) -> None:
    """The state before the first update, into the arrays given."""
    s.fill(0)
    u.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, rho: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_rho = scalar(1 - rho)
    return (one_minus_rho, scalar(rho), scalar(eps), scalar(lr))


def update(theta: Array, g: Array, s: Array, u: Array, a: Array, b: Array, one_minus_rho: Any, rho: Any, eps: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # s <- rho*s + (1 - rho)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_rho, a, out=a)
    np.multiply(rho, s, out=s)
    np.add(s, a, out=s)
    # d_ <- sqrt(u + eps) / sqrt(s + eps) * g
    np.add(u, eps, out=a)
    np.sqrt(a, out=a)
    np.add(s, eps, out=b)
    np.sqrt(b, out=b)
    np.divide(a, b, out=a)
    np.multiply(a, g, out=a)
    # u <- rho*u + (1 - rho)*d_^2
    np.square(a, out=b)
    np.multiply(one_minus_rho, b, out=b)
    np.multiply(rho, u, out=u)
    np.add(u, b, out=u)
    # theta <- theta - lr*d_
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
