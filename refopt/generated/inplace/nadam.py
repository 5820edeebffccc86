# Generated from the formula by: refopt generate nadam --to inplace
# Fingerprint of the formula: bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250
"""Adam with Nesterov momentum of a growing share.

    mu         <- beta1*(1 - 0.5*0.96^(t*momentum_decay))
    mu_next    <- beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay))
    mu_product <- mu_product*mu
    m          <- beta1*m + (1 - beta1)*g
    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    theta      <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat)
            + eps)

Source: Dozat 2016, Algorithm 2, with a schedule of momenta, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.

Hyperparameters:
    lr              step size; 0 <= lr
    beta1           decay of the first moment; 0 <= beta1 < 1
    beta2           decay of the second moment; 0 <= beta2 < 1
    eps             keeps the division finite; 0 <= eps
    momentum_decay  how soon the momentum grows to beta1; 0 <= momentum_decay

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

RULE = "nadam"
FINGERPRINT = "bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250"
HYPER: dict[str, float] = {"lr": 0.002, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "momentum_decay": 0.004}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "momentum_decay": "0 <= momentum_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
ONE_VALUE: dict[str, float] = {"mu_product": 1.0}
SCRATCH = 3


def outside(lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (momentum_decay >= 0):
        return "momentum_decay"
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], mu_product: float, lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    mu = beta1 * (1 - 0.5 * math.pow(0.96, t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * math.pow(0.96, (t + 1) * momentum_decay))
    mu_product = mu_product * mu
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    coefficient_of_mu_and_mu_product = scalar((1 - mu) / (1 - mu_product))
    coefficient_of_mu_next_and_mu_product = scalar(mu_next / (1 - mu_product * mu_next))
    return (one_minus_beta1, one_minus_beta2, bias_correction2, coefficient_of_mu_and_mu_product, coefficient_of_mu_next_and_mu_product, scalar(beta1), scalar(beta2), scalar(lr), scalar(eps), (mu_product,))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, c: Array, one_minus_beta1: Any, one_minus_beta2: Any,
    bias_correction2: Any, coefficient_of_mu_and_mu_product: Any, coefficient_of_mu_next_and_mu_product: Any, beta1: Any, beta2: Any,
    lr: Any, eps: Any
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
    # v_hat <- v / (1 - beta2^t)
    np.divide(v, bias_correction2, out=a)
    # theta <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat) + eps)
    np.multiply(coefficient_of_mu_and_mu_product, g, out=b)
    np.multiply(coefficient_of_mu_next_and_mu_product, m, out=c)
    np.add(b, c, out=b)
    np.multiply(lr, b, out=b)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
