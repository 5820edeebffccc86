# Generated from the formula by: refopt generate radam/threshold_4 --to inplace
# Fingerprint of the formula: 2db8f0e2fb11fb62874f5bf775de270ec409892295f6b4828d97bde232ce1724
"""RAdam that rectifies as soon as the variance is finite.

    m       <- beta1*m + (1 - beta1)*g
    v       <- beta2*v + (1 - beta2)*g^2
    rho_inf <- 2 / (1 - beta2) - 1
    rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
    r       <- where(rho_t > 4, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
    m_hat   <- m / (1 - beta1^t)
    v_hat   <- v / (1 - beta2^t)
    theta   <- theta - lr*where(rho_t > 4, r * m_hat / (sqrt(v_hat) + eps), m_hat)

Source: Liu et al. 2020, Algorithm 2, eps added to the root of v_hat, arXiv:1908.03265.
Differs from radam: the threshold of rho_t is 4; eps after the bias correction.

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

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array, power

RULE = "radam/threshold_4"
FINGERPRINT = "2db8f0e2fb11fb62874f5bf775de270ec409892295f6b4828d97bde232ce1724"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 4


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
    rho_inf = 2 / (1 - beta2) - 1
    rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t))
    r = math.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) if rho_t > 4 else 1
    condition = rho_t > 4
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    return (condition, one_minus_beta1, one_minus_beta2, bias_correction1, bias_correction2, scalar(beta1), scalar(beta2), scalar(lr), scalar(r), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, c: Array, d: Array, condition: Any, one_minus_beta1: Any,
    one_minus_beta2: Any, bias_correction1: Any, bias_correction2: Any, beta1: Any, beta2: Any, lr: Any, r: Any, eps: Any
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
    # theta <- theta - lr*where(rho_t > 4, r * m_hat / (sqrt(v_hat) + eps), m_hat)
    if condition:
        np.sqrt(b, out=b)
        np.add(b, eps, out=b)
        np.multiply(r, a, out=d)
        np.divide(d, b, out=c)
    else:
        np.copyto(c, a)
    np.multiply(lr, c, out=a)
    np.subtract(theta, a, out=theta)
