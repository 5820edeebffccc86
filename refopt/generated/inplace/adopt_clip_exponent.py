# Generated from the formula by: refopt generate adopt/clip_exponent --to inplace
# Fingerprint of the formula: be9ed8fa281dc606946dbacdac470a377508ec6d377a9166cfcab6e6bf032298
"""ADOPT with any power of the step as its limit.

    c     <- (t - 1)^clip_exponent
    m     <- where(t > 1, beta1*m + (1 - beta1)*max(-c, min(c, g / max(sqrt(v), eps))), m)
    v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
    theta <- theta - lr*m

Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.
Differs from adopt: the limit is a power of t - 1 that is given.

Hyperparameters:
    lr             step size; 0 <= lr
    beta1          decay of the first moment; 0 <= beta1 < 1
    beta2          decay of the second moment; 0 <= beta2 < 1
    eps            keeps the division finite; 0 <= eps
    clip_exponent  how fast the limit grows; 0 < clip_exponent

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

RULE = "adopt/clip_exponent"
FINGERPRINT = "be9ed8fa281dc606946dbacdac470a377508ec6d377a9166cfcab6e6bf032298"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.9, "beta2": 0.9999, "eps": 1e-06, "clip_exponent": 0.333}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "clip_exponent": "0 < clip_exponent"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 1


def outside(lr: float, beta1: float, beta2: float, eps: float, clip_exponent: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (clip_exponent > 0):
        return "clip_exponent"
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, clip_exponent: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    c_ = math.pow(t - 1, clip_exponent)
    one_minus_beta1 = scalar(1 - beta1) if t > 1 else None
    coefficient_of_c_ = scalar(-c_) if t > 1 else None
    one_minus_beta2 = scalar(1 - beta2) if t > 1 else None
    return (one_minus_beta1, coefficient_of_c_, one_minus_beta2, scalar(beta1), scalar(c_), scalar(eps), scalar(beta2), scalar(lr), t)


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, one_minus_beta1: Any, coefficient_of_c_: Any, one_minus_beta2: Any, beta1:
    Any, c_: Any, eps: Any, beta2: Any, lr: Any, t: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- where(t > 1, beta1*m + (1 - beta1)*max(-c_, min(c_, g / max(sqrt(v), eps))), m)  (v of the update before)
    if t > 1:
        np.sqrt(v, out=a)
        np.maximum(a, eps, out=a)
        np.divide(g, a, out=a)
        np.minimum(c_, a, out=a)
        np.maximum(coefficient_of_c_, a, out=a)
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
