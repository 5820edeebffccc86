# Generated from the formula by: refopt generate adopt/unclipped --to inplace
# Fingerprint of the formula: 04581305f2d3c70d4a45e8618056473bb31f93b12f28bf133f55a12f9b1a2427
"""ADOPT without clipping.

    m     <- where(t > 1, beta1*m + (1 - beta1) * (g / max(sqrt(v), eps)), m)
    v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
    theta <- theta - lr*m

Source: Taniguchi et al. 2024, ADOPT with m_0 = 0, its first gradient as update 1, arXiv:2411.02853.
Differs from adopt: the normalized gradient is not clipped.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

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

RULE = "adopt/unclipped"
FINGERPRINT = "04581305f2d3c70d4a45e8618056473bb31f93b12f28bf133f55a12f9b1a2427"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.9, "beta2": 0.9999, "eps": 1e-06}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 1


def outside(lr: float, beta1: float, beta2: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1) if t > 1 else None
    one_minus_beta2 = scalar(1 - beta2) if t > 1 else None
    return (one_minus_beta1, one_minus_beta2, scalar(beta1), scalar(eps), scalar(beta2), scalar(lr), t)


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, one_minus_beta1: Any, one_minus_beta2: Any, beta1: Any, eps: Any, beta2: Any,
    lr: Any, t: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- where(t > 1, beta1*m + (1 - beta1) * (g / max(sqrt(v), eps)), m)  (v of the update before)
    if t > 1:
        np.sqrt(v, out=a)
        np.maximum(a, eps, out=a)
        np.divide(g, a, out=a)
        np.multiply(one_minus_beta1, a, out=a)
        np.multiply(beta1, m, out=m)
        np.add(m, a, out=m)
    else:
        pass
    # v <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)  (all that the first update does)
    if t > 1:
        np.square(g, out=a)
        np.multiply(one_minus_beta2, a, out=a)
        np.multiply(beta2, v, out=v)
        np.add(v, a, out=v)
    else:
        np.square(g, out=v)
    # theta <- theta - lr*m
    np.multiply(lr, m, out=a)
    np.subtract(theta, a, out=theta)
