# Generated from the formula by: refopt generate optimistic_gd --to inplace
# Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
"""Gradient descent that guesses the next gradient from the last change.

    d        <- where(t > 1, g_before, g)
    theta    <- theta - lr*((alpha + beta)*g - beta*d)
    g_before <- g

Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.

Hyperparameters:
    lr     step size; 0 <= lr
    alpha  weight of the gradient; 0 <= alpha
    beta   weight of the change of the gradient; 0 <= beta

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

RULE = "optimistic_gd"
FINGERPRINT = "cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2"
HYPER: dict[str, float] = {"lr": 0.01, "alpha": 1.0, "beta": 1.0}
DOMAIN = {"lr": "0 <= lr", "alpha": "0 <= alpha", "beta": "0 <= beta"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("g_before",)
SCRATCH = 2


def outside(lr: float, alpha: float, beta: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (alpha >= 0):
        return "alpha"
    if not (beta >= 0):
        return "beta"
    return None


def init(theta: Array, g_before: Array) -> None:
    """The state before the first update, into the arrays given."""
    g_before.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, alpha: float, beta: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    alpha_plus_beta = scalar(alpha + beta)
    return (alpha_plus_beta, scalar(lr), scalar(beta), t)


def update(theta: Array, g: Array, g_before: Array, a: Array, b: Array, alpha_plus_beta: Any, lr: Any, beta: Any, t: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # d_ <- where(t > 1, g_before, g)
    if t > 1:
        np.copyto(a, g_before)
    else:
        np.copyto(a, g)
    # theta <- theta - lr*((alpha + beta)*g - beta*d_)
    np.multiply(alpha_plus_beta, g, out=b)
    np.multiply(beta, a, out=a)
    np.subtract(b, a, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
    # g_before <- g
    np.copyto(g_before, g)
