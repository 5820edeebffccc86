# Generated from the formula by: refopt generate signum --to inplace
# Fingerprint of the formula: 1019da23cea14f796b881e8e358a4c04ddff32d792b23fcf50a5234fbd066061
"""The sign of the momentum.

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*sign(m)

Source: Bernstein et al. 2018, Algorithm 2, arXiv:1802.04434.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the momentum; 0 <= beta1 < 1

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

RULE = "signum"
FINGERPRINT = "1019da23cea14f796b881e8e358a4c04ddff32d792b23fcf50a5234fbd066061"
HYPER: dict[str, float] = {"lr": 0.01, "beta1": 0.9}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m",)
SCRATCH = 1


def outside(lr: float, beta1: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    return None


def init(theta: Array, m: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    return (one_minus_beta1, scalar(beta1), scalar(lr))


def update(theta: Array, g: Array, m: Array, a: Array, one_minus_beta1: Any, beta1: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
    # theta <- theta - lr*sign(m)
    np.sign(m, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
