# Generated from the formula by: refopt generate sgdw/lr_inside --to inplace
# Fingerprint of the formula: daf9c97bfe31a7fc146d0416565da87e0e4eb252739386cbe60867832810f108
"""Momentum with decoupled weight decay, the rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - lr*weight_decay*theta - v

Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, arXiv:1711.05101.
Differs from sgdw: the velocity holds the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the velocity that is kept; 0 <= momentum < 1
    weight_decay  decay of the weights; 0 <= weight_decay

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

RULE = "sgdw/lr_inside"
FINGERPRINT = "daf9c97bfe31a7fc146d0416565da87e0e4eb252739386cbe60867832810f108"
HYPER: dict[str, float] = {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v",)
SCRATCH = 1


def outside(lr: float, momentum: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, momentum: float, weight_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    lr_times_weight_decay = scalar(lr * weight_decay)
    return (lr_times_weight_decay, scalar(momentum), scalar(lr))


def update(theta: Array, g: Array, v: Array, a: Array, lr_times_weight_decay: Any, momentum: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- momentum*v + lr*g
    np.multiply(momentum, v, out=v)
    np.multiply(lr, g, out=a)
    np.add(v, a, out=v)
    # theta <- theta - lr*weight_decay*theta - v
    np.multiply(lr_times_weight_decay, theta, out=a)
    np.subtract(theta, a, out=theta)
    np.subtract(theta, v, out=theta)
