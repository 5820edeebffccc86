# Generated from the formula by: refopt generate ftrl --to inplace
# Fingerprint of the formula: c0425f3e956689719326822a97a053f9a57adc3c6cb7cf1828eee1a267bb374f
"""The leader of all gradients so far, regularized: exact zeros where they say little.

    n_before <- n
    n        <- n + g^2
    z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
    theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + l2)

Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.

Hyperparameters:
    lr    step size; 0 < lr
    l1    strength of the penalty on the size; 0 <= l1
    l2    strength of the penalty on the square; 0 <= l2
    beta  what the rate is smoothed by; 0 <= beta
    s0    what the sum of squares starts from; 0 <= s0

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

RULE = "ftrl"
FINGERPRINT = "c0425f3e956689719326822a97a053f9a57adc3c6cb7cf1828eee1a267bb374f"
HYPER: dict[str, float] = {"lr": 0.001, "l1": 0.0, "l2": 0.0, "beta": 1.0, "s0": 0.0}
DOMAIN = {"lr": "0 < lr", "l1": "0 <= l1", "l2": "0 <= l2", "beta": "0 <= beta", "s0": "0 <= s0"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ("s0",)
STATE: tuple[str, ...] = ("z", "n")
SCRATCH = 2


def outside(lr: float, l1: float, l2: float, beta: float, s0: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr > 0):
        return "lr"
    if not (l1 >= 0):
        return "l1"
    if not (l2 >= 0):
        return "l2"
    if not (beta >= 0):
        return "beta"
    if not (s0 >= 0):
        return "s0"
    return None


def init(theta: Array, z: Array, n: Array, s0: float) -> None:
    """The state before the first update, into the arrays given."""
    z.fill(0)
    n.fill(s0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, l1: float, l2: float, beta: float, s0: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    coefficient_of_l1 = scalar(-l1)
    return (coefficient_of_l1, scalar(lr), scalar(l1), scalar(beta), scalar(l2))


def update(
    theta: Array, g: Array, z: Array, n: Array, a: Array, b: Array, coefficient_of_l1: Any, lr: Any, l1: Any, beta: Any, l2: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # n_before <- n
    np.copyto(a, n)
    # n <- n + g^2
    np.square(g, out=b)
    np.add(n, b, out=n)
    # z <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
    np.sqrt(n, out=b)
    np.sqrt(a, out=a)
    np.subtract(b, a, out=a)
    np.divide(a, lr, out=a)
    np.multiply(a, theta, out=a)
    np.add(z, g, out=z)
    np.subtract(z, a, out=z)
    # theta <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + l2)
    np.sqrt(n, out=theta)
    np.add(beta, theta, out=theta)
    np.divide(theta, lr, out=theta)
    np.add(theta, l2, out=theta)
    np.minimum(l1, z, out=a)
    np.maximum(coefficient_of_l1, a, out=a)
    np.subtract(z, a, out=a)
    np.divide(a, theta, out=theta)
    np.negative(theta, out=theta)
