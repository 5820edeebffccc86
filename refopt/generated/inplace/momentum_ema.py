# Generated from the formula by: refopt generate momentum/ema --to inplace
# Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
"""Momentum as an average of the gradients.

    v     <- momentum*v + (1 - momentum)*g
    theta <- theta - lr*v

Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
Differs from momentum: the gradient enters (1 - momentum) times.

Hyperparameters:
    lr        step size; 0 <= lr
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

RULE = "momentum/ema"
FINGERPRINT = "689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5"
HYPER: dict[str, float] = {"lr": 0.01, "momentum": 0.9}
DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v",)
SCRATCH = 1


def outside(lr: float, momentum: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    return None


def init(theta: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, momentum: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_momentum = scalar(1 - momentum)
    return (one_minus_momentum, scalar(momentum), scalar(lr))


def update(theta: Array, g: Array, v: Array, a: Array, one_minus_momentum: Any, momentum: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- momentum*v + (1 - momentum)*g
    np.multiply(momentum, v, out=v)
    np.multiply(one_minus_momentum, g, out=a)
    np.add(v, a, out=v)
    # theta <- theta - lr*v
    np.multiply(lr, v, out=a)
    np.subtract(theta, a, out=theta)
