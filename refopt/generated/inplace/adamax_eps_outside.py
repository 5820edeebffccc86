# Generated from the formula by: refopt generate adamax/eps_outside --to inplace
# Fingerprint of the formula: e14b872988a308498da406d61908875b9d1973a74290f16207a9ac341b7c818a
"""AdaMax with epsilon beside the infinity norm.

    m     <- beta1*m + (1 - beta1)*g
    u     <- max(beta2*u, abs(g))
    theta <- theta - lr / (1 - beta1^t) * m / (u + eps)

Source: Kingma & Ba 2015, Algorithm 2, eps added to the divisor, arXiv:1412.6980.
Differs from adamax: eps outside the maximum.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the infinity norm; 0 <= beta2 < 1
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

from refopt.generated.numpy._arguments import Array, power

RULE = "adamax/eps_outside"
FINGERPRINT = "e14b872988a308498da406d61908875b9d1973a74290f16207a9ac341b7c818a"
HYPER: dict[str, float] = {"lr": 0.002, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "u")
SCRATCH = 2


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


def init(theta: Array, m: Array, u: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    u.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    step_size = scalar(lr / (1 - power(beta1, t)))
    return (one_minus_beta1, step_size, scalar(beta1), scalar(beta2), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, u: Array, a: Array, b: Array, one_minus_beta1: Any, step_size: Any, beta1: Any, beta2: Any, eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
    # u <- max(beta2*u, abs(g))
    np.multiply(beta2, u, out=u)
    np.absolute(g, out=a)
    np.maximum(u, a, out=u)
    # theta <- theta - lr / (1 - beta1^t) * m / (u + eps)
    np.multiply(step_size, m, out=a)
    np.add(u, eps, out=b)
    np.divide(a, b, out=a)
    np.subtract(theta, a, out=theta)
