# Generated from the formula by: refopt generate momentum/raw_start --to inplace
# Fingerprint of the formula: 78a8583b4f421d637b98d00994fb512a10652a79f41d6cae34aab84261b47017
"""Momentum with a dampened gradient, the first one undamped.

    v     <- where(t = 1, g, momentum*v + (1 - dampening)*g)
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the first velocity is the undamped gradient.

Hyperparameters:
    lr         step size; 0 <= lr
    momentum   share of the velocity that is kept; 0 <= momentum < 1
    dampening  share of the gradient that is held back; 0 <= dampening < 1

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

RULE = "momentum/raw_start"
FINGERPRINT = "78a8583b4f421d637b98d00994fb512a10652a79f41d6cae34aab84261b47017"
HYPER: dict[str, float] = {"lr": 0.01, "momentum": 0.9, "dampening": 0.0}
DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "dampening": "0 <= dampening < 1"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("v",)
SCRATCH = 1


def outside(lr: float, momentum: float, dampening: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (dampening >= 0 and dampening < 1):
        return "dampening"
    return None


def init(theta: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, momentum: float, dampening: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_dampening = scalar(1 - dampening) if not (t == 1) else None
    return (one_minus_dampening, scalar(momentum), scalar(lr), t)


def update(theta: Array, g: Array, v: Array, a: Array, one_minus_dampening: Any, momentum: Any, lr: Any, t: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- where(t = 1, g, momentum*v + (1 - dampening)*g)
    if t == 1:
        np.copyto(v, g)
    else:
        np.multiply(momentum, v, out=v)
        np.multiply(one_minus_dampening, g, out=a)
        np.add(v, a, out=v)
    # theta <- theta - lr*v
    np.multiply(lr, v, out=a)
    np.subtract(theta, a, out=theta)
