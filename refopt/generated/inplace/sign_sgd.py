# Generated from the formula by: refopt generate sign_sgd --to inplace
# Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
"""A step of the same length in every element that has a gradient.

    theta <- theta - lr*sign(g)

Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.

Hyperparameters:
    lr  step size; 0 <= lr

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

RULE = "sign_sgd"
FINGERPRINT = "0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925"
HYPER: dict[str, float] = {"lr": 0.01}
DOMAIN = {"lr": "0 <= lr"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ()
SCRATCH = 1


def outside(lr: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    return None


def init(theta: Array) -> None:
    """The state before the first update, into the arrays given."""


def scalars(t: int, scalar: Callable[[float], Any], lr: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    return (scalar(lr),)


def update(theta: Array, g: Array, a: Array, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # theta <- theta - lr*sign(g)
    np.sign(g, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
