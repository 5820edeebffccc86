# Generated from the formula by: refopt generate sgdw --to inplace
# Fingerprint of the formula: 02099a8e38d1f738f56719a8a2acd647d3651b9e25b5b9765eea11cbb87204f0
"""Momentum with decoupled weight decay.

    v     <- momentum*v + g
    theta <- theta - lr*weight_decay*theta - lr*v

Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, the rate outside the velocity, arXiv:1711.05101.

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

RULE = "sgdw"
FINGERPRINT = "02099a8e38d1f738f56719a8a2acd647d3651b9e25b5b9765eea11cbb87204f0"
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
    # v <- momentum*v + g
    np.multiply(momentum, v, out=v)
    np.add(v, g, out=v)
    # theta <- theta - lr*weight_decay*theta - lr*v
    np.multiply(lr_times_weight_decay, theta, out=a)
    np.subtract(theta, a, out=theta)
    np.multiply(lr, v, out=a)
    np.subtract(theta, a, out=theta)
