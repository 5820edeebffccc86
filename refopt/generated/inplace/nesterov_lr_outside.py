# Generated from the formula by: refopt generate nesterov/lr_outside --to inplace
# Fingerprint of the formula: 76337afcd93390aecd6f4702b99b4e650b222036935a91451555c91460ff0dfe
"""Nesterov momentum, learning rate outside the velocity.

    v     <- momentum*v + g
    theta <- theta - lr*(g + momentum*v)

Source: Nesterov 1983, method (7), Doklady 269:543-547.
Source: Sutskever et al. 2013, equations (3) and (4), at the look-ahead point, proceedings.mlr.press/v28/sutskever13.
Differs from nesterov: a changed rate acts on the whole velocity at once.

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

RULE = "nesterov/lr_outside"
FINGERPRINT = "76337afcd93390aecd6f4702b99b4e650b222036935a91451555c91460ff0dfe"
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
    # v <- momentum*v + g
    np.multiply(momentum, v, out=v)
    np.add(v, g, out=v)
    # theta <- theta - lr*(g + momentum*v)
    np.multiply(momentum, v, out=a)
    np.add(g, a, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
