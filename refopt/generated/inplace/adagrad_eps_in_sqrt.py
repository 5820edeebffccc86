# Generated from the formula by: refopt generate adagrad/eps_in_sqrt --to inplace
# Fingerprint of the formula: caf158c9a73f25f446cfb3d1cf9e55dcc427a87910dd790d66317f119ba07606
"""Adagrad with epsilon under the root.

    s     <- s + g^2
    theta <- theta - lr * g / sqrt(s + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.
Differs from adagrad: eps under the root.

Hyperparameters:
    lr   step size; 0 <= lr
    eps  keeps the division finite; 0 <= eps
    s0   what the sum of squares starts from; 0 <= s0

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

RULE = "adagrad/eps_in_sqrt"
FINGERPRINT = "caf158c9a73f25f446cfb3d1cf9e55dcc427a87910dd790d66317f119ba07606"
HYPER: dict[str, float] = {"lr": 0.01, "eps": 1e-10, "s0": 0.0}
DOMAIN = {"lr": "0 <= lr", "eps": "0 <= eps", "s0": "0 <= s0"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("s0",)
STATE: tuple[str, ...] = ("s",)
SCRATCH = 2


def outside(lr: float, eps: float, s0: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eps >= 0):
        return "eps"
    if not (s0 >= 0):
        return "s0"
    return None


def init(theta: Array, s: Array, s0: float) -> None:
    """The state before the first update, into the arrays given."""
    s.fill(s0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, eps: float, s0: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    return (scalar(lr), scalar(eps))


def update(theta: Array, g: Array, s: Array, a: Array, b: Array, lr: Any, eps: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # s <- s + g^2
    np.square(g, out=a)
    np.add(s, a, out=s)
    # theta <- theta - lr * g / sqrt(s + eps)
    np.add(s, eps, out=a)
    np.sqrt(a, out=a)
    np.multiply(lr, g, out=b)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
