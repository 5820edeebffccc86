# Generated from the formula by: refopt generate lion/no_zero --to inplace
# Fingerprint of the formula: 3bb79cf79071c22e402f006cfedcf189ac90ada5dcc36dd5a70b381335bc39f4
"""Lion whose sign is 1 at zero.

    c     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(where(c >= 0, 1, -1) + weight_decay*theta)
    m     <- beta2*m + (1 - beta2)*g

Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.
Differs from lion: the sign of 0 is 1: what has no gradient moves by the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of the momentum in the step; 0 <= beta1 < 1
    beta2         decay of the momentum; 0 <= beta2 < 1
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

RULE = "lion/no_zero"
FINGERPRINT = "3bb79cf79071c22e402f006cfedcf189ac90ada5dcc36dd5a70b381335bc39f4"
HYPER: dict[str, float] = {"lr": 0.0001, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m",)
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, m: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, weight_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    zero = scalar(0)
    one = scalar(1)
    number_minus_1 = scalar(-1)
    one_minus_beta2 = scalar(1 - beta2)
    return (one_minus_beta1, zero, one, number_minus_1, one_minus_beta2, scalar(beta1), scalar(lr), scalar(weight_decay), scalar(beta2))


def update(
    theta: Array, g: Array, m: Array, a: Array, b: Array, one_minus_beta1: Any, zero: Any, one: Any, number_minus_1: Any,
    one_minus_beta2: Any, beta1: Any, lr: Any, weight_decay: Any, beta2: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # c_ <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=a)
    np.multiply(one_minus_beta1, g, out=b)
    np.add(a, b, out=a)
    # theta <- theta - lr*(where(c_ >= 0, 1, -1) + weight_decay*theta)
    chosen = np.greater_equal(a, zero)
    np.copyto(a, np.where(chosen, one, number_minus_1))
    np.multiply(weight_decay, theta, out=b)
    np.add(a, b, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
    # m <- beta2*m + (1 - beta2)*g
    np.multiply(beta2, m, out=m)
    np.multiply(one_minus_beta2, g, out=a)
    np.add(m, a, out=m)
