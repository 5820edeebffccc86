# Generated from the formula by: refopt generate laprop --to inplace
# Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
"""Momentum of the normalized gradient.

    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
    theta <- theta - m / (1 - beta1^t)

Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array, power

RULE = "laprop"
FINGERPRINT = "1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471"
HYPER: dict[str, float] = {"lr": 0.0004, "beta1": 0.9, "beta2": 0.999, "eps": 1e-15}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    step_size = scalar(lr * (1 - beta1))
    bias_correction1 = scalar(1 - power(beta1, t))
    return (one_minus_beta2, bias_correction2, step_size, bias_correction1, scalar(beta2), scalar(beta1), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, one_minus_beta2: Any, bias_correction2: Any, step_size: Any,
    bias_correction1: Any, beta2: Any, beta1: Any, eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # v <- beta2*v + (1 - beta2)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_beta2, a, out=a)
    np.multiply(beta2, v, out=v)
    np.add(v, a, out=v)
    # v_hat <- v / (1 - beta2^t)
    np.divide(v, bias_correction2, out=a)
    # m <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.multiply(step_size, g, out=b)
    np.divide(b, a, out=a)
    np.multiply(beta1, m, out=m)
    np.add(m, a, out=m)
    # theta <- theta - m / (1 - beta1^t)
    np.divide(m, bias_correction1, out=a)
    np.subtract(theta, a, out=theta)
