# Generated from the formula by: refopt generate ademamix --to inplace
# Fingerprint of the formula: 80e23cc16c4343032029a2fb54b5c43140d2b6472e4865a9044afe7f2105bf56
"""Adam with a fast and a slow average of the gradients.

    m      <- beta1*m + (1 - beta1)*g
    v      <- beta2*v + (1 - beta2)*g^2
    m_slow <- beta3*m_slow + (1 - beta3)*g
    m_hat  <- m / (1 - beta1^t)
    v_hat  <- v / (1 - beta2^t)
    theta  <- theta - lr*((m_hat + alpha*m_slow) / (sqrt(v_hat) + eps) + weight_decay*theta)

Source: Pagliardini, Ablin & Grangier 2024, Algorithm 1 with alpha and beta3 constant, arXiv:2409.03137.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    beta3         decay of the slow average; 0 <= beta3 < 1
    alpha         weight of the slow average; 0 <= alpha
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

RULE = "ademamix"
FINGERPRINT = "80e23cc16c4343032029a2fb54b5c43140d2b6472e4865a9044afe7f2105bf56"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "beta3": 0.9999, "alpha": 5.0, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "beta3": "0 <= beta3 < 1", "alpha": "0 <= alpha", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v", "m_slow")
SCRATCH = 3


def outside(lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (beta3 >= 0 and beta3 < 1):
        return "beta3"
    if not (alpha >= 0):
        return "alpha"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Array, m: Array, v: Array, m_slow: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)
    m_slow.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, beta3: float, alpha: float, weight_decay: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta3 = scalar(1 - beta3)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    return (one_minus_beta1, one_minus_beta2, one_minus_beta3, bias_correction1, bias_correction2, scalar(beta1), scalar(beta2), scalar(beta3), scalar(lr), scalar(alpha), scalar(eps), scalar(weight_decay))


def update(
    theta: Array, g: Array, m: Array, v: Array, m_slow: Array, a: Array, b: Array, c: Array, one_minus_beta1: Any, one_minus_beta2: Any,
    one_minus_beta3: Any, bias_correction1: Any, bias_correction2: Any, beta1: Any, beta2: Any, beta3: Any, lr: Any, alpha: Any, eps:
    Any, weight_decay: Any
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
    # m_slow <- beta3*m_slow + (1 - beta3)*g  (never corrected)
    np.multiply(beta3, m_slow, out=m_slow)
    np.multiply(one_minus_beta3, g, out=a)
    np.add(m_slow, a, out=m_slow)
    # m_hat <- m / (1 - beta1^t)  (t counts updates from 1)
    np.divide(m, bias_correction1, out=a)
    # v_hat <- v / (1 - beta2^t)
    np.divide(v, bias_correction2, out=b)
    # theta <- theta - lr*((m_hat + alpha*m_slow) / (sqrt(v_hat) + eps) + weight_decay*theta)
    np.multiply(alpha, m_slow, out=c)
    np.add(a, c, out=a)
    np.sqrt(b, out=b)
    np.add(b, eps, out=b)
    np.divide(a, b, out=a)
    np.multiply(weight_decay, theta, out=b)
    np.add(a, b, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
