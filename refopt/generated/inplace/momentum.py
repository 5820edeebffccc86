# Generated from the formula by: refopt generate momentum --to inplace
# Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
"""Momentum, learning rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - v

Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.

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

RULE = "momentum"
FINGERPRINT = "795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5"
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
    return (scalar(momentum), scalar(lr))


def update(theta: Array, g: Array, v: Array, a: Array, momentum: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- momentum*v + lr*g
    np.multiply(momentum, v, out=v)
    np.multiply(lr, g, out=a)
    np.add(v, a, out=v)
    # theta <- theta - v
    np.subtract(theta, v, out=theta)
