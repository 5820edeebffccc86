# Generated from the formula by: refopt generate adamw/adamc --to inplace
# Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
"""AdamW whose decay falls with the square of a scheduled rate.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)

Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
Differs from adamw: the decay is lr^2/lr_max times weight_decay.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay
    lr_max        the largest rate of the schedule; 0 < lr_max

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

RULE = "adamw/adamc"
FINGERPRINT = "c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "weight_decay": 0.01, "lr_max": 0.001}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay", "lr_max": "0 < lr_max"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, eps: float, weight_decay: float, lr_max: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    if not (lr_max > 0):
        return "lr_max"
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, weight_decay: float, lr_max: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    step_size = scalar(lr**2 / lr_max * weight_decay)
    return (one_minus_beta1, one_minus_beta2, bias_correction1, bias_correction2, step_size, scalar(beta1), scalar(beta2), scalar(lr), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, one_minus_beta1: Any, one_minus_beta2: Any, bias_correction1: Any,
    bias_correction2: Any, step_size: Any, beta1: Any, beta2: Any, lr: Any, eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
    # v <- beta2*v + (1 - beta2)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_beta2, a, out=a)
    np.multiply(beta2, v, out=v)
    np.add(v, a, out=v)
    # m_hat <- m / (1 - beta1^t)  (t counts updates from 1)
    np.divide(m, bias_correction1, out=a)
    # v_hat <- v / (1 - beta2^t)
    np.divide(v, bias_correction2, out=b)
    # theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)
    np.sqrt(b, out=b)
    np.add(b, eps, out=b)
    np.multiply(lr, a, out=a)
    np.divide(a, b, out=a)
    np.multiply(step_size, theta, out=b)
    np.subtract(theta, b, out=theta)
    np.subtract(theta, a, out=theta)
