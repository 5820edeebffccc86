# Generated from the formula by: refopt generate adan --to inplace
# Fingerprint of the formula: 16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e
"""Adam with Nesterov momentum made of the gradient's change.

    d        <- where(t > 1, g - g_before, 0*g)
    m        <- beta1*m + (1 - beta1)*g
    w        <- beta2*w + (1 - beta2)*d
    n        <- beta3*n + (1 - beta3)*(g + beta2*d)^2
    theta    <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 +
            lr*weight_decay)
    g_before <- g

Source: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the mean gradient; 0 <= beta1 < 1
    beta2         decay of the mean change of the gradient; 0 <= beta2 < 1
    beta3         decay of the mean square; 0 <= beta3 < 1
    eps           keeps the division finite; 0 <= eps
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

from refopt.generated.numpy._arguments import Array, power

RULE = "adan"
FINGERPRINT = "16fd0b0eecb7e299bd377fd5aca0023bab2eb8e63f7694241e6cd5b66531bb0e"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "eps": 1e-08, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "beta3": "0 <= beta3 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "w", "n", "g_before")
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (beta3 >= 0 and beta3 < 1):
        return "beta3"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, m: Array, w: Array, n: Array, g_before: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    w.fill(0)
    n.fill(0)
    g_before.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, beta3: float, eps: float, weight_decay: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    zero = scalar(0)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta3 = scalar(1 - beta3)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    bias_correction3 = scalar(1 - power(beta3, t))
    step_size = scalar(1 + lr * weight_decay)
    return (zero, one_minus_beta1, one_minus_beta2, one_minus_beta3, bias_correction1, bias_correction2, bias_correction3, step_size, scalar(beta1), scalar(beta2), scalar(beta3), scalar(lr), scalar(eps), t)


def update(
    theta: Array, g: Array, m: Array, w: Array, n: Array, g_before: Array, a: Array, b: Array, zero: Any, one_minus_beta1: Any,
    one_minus_beta2: Any, one_minus_beta3: Any, bias_correction1: Any, bias_correction2: Any, bias_correction3: Any, step_size: Any,
    beta1: Any, beta2: Any, beta3: Any, lr: Any, eps: Any, t: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # d_ <- where(t > 1, g - g_before, 0*g)
    if t > 1:
        np.subtract(g, g_before, out=a)
    else:
        np.multiply(zero, g, out=a)
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=b)
    np.add(m, b, out=m)
    # w <- beta2*w + (1 - beta2)*d_
    np.multiply(beta2, w, out=w)
    np.multiply(one_minus_beta2, a, out=b)
    np.add(w, b, out=w)
    # n <- beta3*n + (1 - beta3)*(g + beta2*d_)^2
    np.multiply(beta2, a, out=a)
    np.add(g, a, out=a)
    np.square(a, out=a)
    np.multiply(one_minus_beta3, a, out=a)
    np.multiply(beta3, n, out=n)
    np.add(n, a, out=n)
    # theta <- (theta - lr * (m / (1 - beta1^t) + beta2 * w / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + eps)) / (1 + lr*weight_decay)
    np.multiply(beta2, w, out=a)
    np.divide(a, bias_correction2, out=a)
    np.divide(m, bias_correction1, out=b)
    np.add(b, a, out=a)
    np.multiply(lr, a, out=a)
    np.divide(n, bias_correction3, out=b)
    np.sqrt(b, out=b)
    np.add(b, eps, out=b)
    np.divide(a, b, out=a)
    np.subtract(theta, a, out=theta)
    np.divide(theta, step_size, out=theta)
    # g_before <- g
    np.copyto(g_before, g)
