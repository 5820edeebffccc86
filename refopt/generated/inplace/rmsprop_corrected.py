# Generated from the formula by: refopt generate rmsprop/corrected --to inplace
# Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
"""RMSProp with bias correction.

    v     <- rho*v + (1 - rho)*g^2
    v_hat <- v / (1 - rho^t)
    theta <- theta - lr * g / (sqrt(v_hat) + eps)

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: the mean square is corrected for its start at 0.

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

from refopt.generated.numpy._arguments import Array, power

RULE = "rmsprop/corrected"
FINGERPRINT = "8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c"
HYPER: dict[str, float] = {"lr": 0.001, "rho": 0.9, "eps": 1e-08}
DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v",)
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


def init(theta: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, rho: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_rho = scalar(1 - rho)
    bias_correction_rho = scalar(1 - power(rho, t))
    return (one_minus_rho, bias_correction_rho, scalar(rho), scalar(lr), scalar(eps))


def update(
    theta: Array, g: Array, v: Array, a: Array, b: Array, one_minus_rho: Any, bias_correction_rho: Any, rho: Any, lr: Any, eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- rho*v + (1 - rho)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_rho, a, out=a)
    np.multiply(rho, v, out=v)
    np.add(v, a, out=v)
    # v_hat <- v / (1 - rho^t)
    np.divide(v, bias_correction_rho, out=a)
    # theta <- theta - lr * g / (sqrt(v_hat) + eps)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.multiply(lr, g, out=b)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
