# Generated from the formula by: refopt generate momentum/dampened --to inplace
# Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
"""Momentum with a dampened gradient, learning rate outside.

    v     <- momentum*v + (1 - dampening)*g
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.

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

RULE = "momentum/dampened"
FINGERPRINT = "4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451"
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
    one_minus_dampening = scalar(1 - dampening)
    return (one_minus_dampening, scalar(momentum), scalar(lr))


def update(theta: Array, g: Array, v: Array, a: Array, one_minus_dampening: Any, momentum: Any, lr: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- momentum*v + (1 - dampening)*g
    np.multiply(momentum, v, out=v)
    np.multiply(one_minus_dampening, g, out=a)
    np.add(v, a, out=v)
    # theta <- theta - lr*v
    np.multiply(lr, v, out=a)
    np.subtract(theta, a, out=theta)
