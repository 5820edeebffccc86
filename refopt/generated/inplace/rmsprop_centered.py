# Generated from the formula by: refopt generate rmsprop/centered --to inplace
# Fingerprint of the formula: 15f270f48626d3254a43c78f01a9d11cfec22c1caa7f7f010b1ed2507d03de14
"""RMSProp with the gradient's variance in place of its mean square.

    v     <- rho*v + (1 - rho)*g^2
    m     <- rho*m + (1 - rho)*g
    theta <- theta - lr * g / (sqrt(v - m^2) + eps)

Source: Graves 2013, equations (38) to (41), arXiv:1308.0850.
Differs from rmsprop: the squared mean of the gradient is taken off v.

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

RULE = "rmsprop/centered"
FINGERPRINT = "15f270f48626d3254a43c78f01a9d11cfec22c1caa7f7f010b1ed2507d03de14"
HYPER: dict[str, float] = {"lr": 0.001, "rho": 0.9, "eps": 1e-08}
DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v", "m")
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


def init(theta: Array, v: Array, m: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)
    m.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, rho: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_rho = scalar(1 - rho)
    return (one_minus_rho, scalar(rho), scalar(lr), scalar(eps))


def update(theta: Array, g: Array, v: Array, m: Array, a: Array, b: Array, one_minus_rho: Any, rho: Any, lr: Any, eps: Any) -> None:
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
    # theta <- theta - lr * g / (sqrt(v - m^2) + eps)
    np.square(m, out=a)
    np.subtract(v, a, out=a)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.multiply(lr, g, out=b)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
