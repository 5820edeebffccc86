# Generated from the formula by: refopt generate adagrad/lr_decay --to inplace
# Fingerprint of the formula: 0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2
"""Adagrad whose rate falls with the number of updates too.

    s     <- s + g^2
    theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay, JMLR 12:2121-2159.
Differs from adagrad: the rate is divided by 1 + (t - 1)*lr_decay.

Hyperparameters:
    lr        step size; 0 <= lr
    eps       keeps the division finite; 0 <= eps
    s0        what the sum of squares starts from; 0 <= s0
    lr_decay  how fast the rate itself falls; 0 <= lr_decay

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

RULE = "adagrad/lr_decay"
FINGERPRINT = "0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2"
HYPER: dict[str, float] = {"lr": 0.01, "eps": 1e-10, "s0": 0.0, "lr_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "eps": "0 <= eps", "s0": "0 <= s0", "lr_decay": "0 <= lr_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("s0",)
STATE: tuple[str, ...] = ("s",)
SCRATCH = 2


def outside(lr: float, eps: float, s0: float, lr_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eps >= 0):
        return "eps"
    if not (s0 >= 0):
        return "s0"
    if not (lr_decay >= 0):
        return "lr_decay"
    return None


def init(theta: Array, s: Array, s0: float) -> None:
    """The state before the first update, into the arrays given."""
    s.fill(s0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, eps: float, s0: float, lr_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    step_size = scalar(lr / (1 + (t - 1) * lr_decay))
    return (step_size, scalar(eps))


def update(theta: Array, g: Array, s: Array, a: Array, b: Array, step_size: Any, eps: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # s <- s + g^2
    np.square(g, out=a)
    np.add(s, a, out=s)
    # theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)
    np.sqrt(s, out=a)
    np.add(a, eps, out=a)
    np.multiply(step_size, g, out=b)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
