# Generated from the formula by: refopt generate asgd --to inplace
# Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
"""Gradient descent with a falling rate, and the average of its parameters.

    eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
    mu    <- 1 / max(1, t - 1 - averaged_after)
    theta <- theta*(1 - lambd*eta) - eta*g
    ax    <- ax + mu*(theta - ax)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.

Hyperparameters:
    lr              step size; 0 <= lr
    lambd           decay of the weights, and of the rate; 0 <= lambd
    alpha           exponent of the fall of the rate; 0 <= alpha
    averaged_after  the update after which the average begins; 0 <= averaged_after

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array

RULE = "asgd"
FINGERPRINT = "814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0"
HYPER: dict[str, float] = {"lr": 0.01, "lambd": 0.0001, "alpha": 0.75, "averaged_after": 1000000.0}
DOMAIN = {"lr": "0 <= lr", "lambd": "0 <= lambd", "alpha": "0 <= alpha", "averaged_after": "0 <= averaged_after"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("ax",)
SCRATCH = 1


def outside(lr: float, lambd: float, alpha: float, averaged_after: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lambd >= 0):
        return "lambd"
    if not (alpha >= 0):
        return "alpha"
    if not (averaged_after >= 0):
        return "averaged_after"
    return None


def init(theta: Array, ax: Array) -> None:
    """The state before the first update, into the arrays given."""
    ax.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, lambd: float, alpha: float, averaged_after: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    eta = lr / math.pow(1 + lambd * lr * (t - 1), alpha)
    mu = 1 / max(1, t - 1 - averaged_after)
    complement = scalar(1 - lambd * eta)
    return (complement, scalar(eta), scalar(mu))


def update(theta: Array, g: Array, ax: Array, a: Array, complement: Any, eta: Any, mu: Any) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # theta <- theta*(1 - lambd*eta) - eta*g
    np.multiply(theta, complement, out=theta)
    np.multiply(eta, g, out=a)
    np.subtract(theta, a, out=theta)
    # ax <- ax + mu*(theta - ax)
    np.subtract(theta, ax, out=a)
    np.multiply(mu, a, out=a)
    np.add(ax, a, out=ax)
