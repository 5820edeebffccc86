# Generated from the formula by: refopt generate yogi --to inplace
# Fingerprint of the formula: 2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40
"""Adam whose second moment changes by the size of the squared gradient only.

    m     <- beta1*m + (1 - beta1)*g
    v     <- v - (1 - beta2)*sign(v - g^2)*g^2
    theta <- theta - lr * m / (sqrt(v) + eps)

Source: Zaheer et al. 2018, Algorithm 2, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps
    v0     what the second moment starts from; 0 <= v0

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

RULE = "yogi"
FINGERPRINT = "2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40"
HYPER: dict[str, float] = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 0.001, "v0": 1e-06}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "v0": "0 <= v0"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("v0",)
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, eps: float, v0: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (v0 >= 0):
        return "v0"
    return None


def init(theta: Array, m: Array, v: Array, v0: float) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(v0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, v0: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    return (one_minus_beta1, one_minus_beta2, scalar(beta1), scalar(lr), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, one_minus_beta1: Any, one_minus_beta2: Any, beta1: Any, lr: Any,
    eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
    # v <- v - (1 - beta2)*sign(v - g^2)*g^2
    np.square(g, out=a)
    np.subtract(v, a, out=a)
    np.sign(a, out=a)
    np.multiply(one_minus_beta2, a, out=a)
    np.square(g, out=b)
    np.multiply(a, b, out=a)
    np.subtract(v, a, out=v)
    # theta <- theta - lr * m / (sqrt(v) + eps)
    np.sqrt(v, out=a)
    np.add(a, eps, out=a)
    np.multiply(lr, m, out=b)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
