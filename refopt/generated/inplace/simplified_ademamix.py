# Generated from the formula by: refopt generate simplified_ademamix --to inplace
# Fingerprint of the formula: 9c71f4da5d2375f43860c87a8c063d841506fcdd3aaa28409297f85936369a28
"""Adam with a fading sum of the gradients and the last one beside it.

    m     <- beta1*m + g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr * (m + alpha*g) / (sqrt(v_hat) + eps)

Source: Morwani et al. 2025, Simplified AdEMAMix, arXiv:2502.02431.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the sum of the gradients; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    alpha  weight of the gradient itself; 0 <= alpha
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

RULE = "simplified_ademamix"
FINGERPRINT = "9c71f4da5d2375f43860c87a8c063d841506fcdd3aaa28409297f85936369a28"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.99, "beta2": 0.95, "alpha": 0.0, "eps": 1e-08}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "alpha": "0 <= alpha", "eps": "0 <= eps"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, alpha: float, eps: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    return (one_minus_beta2, bias_correction2, scalar(beta1), scalar(beta2), scalar(lr), scalar(alpha), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, one_minus_beta2: Any, bias_correction2: Any, beta1: Any, beta2: Any,
    lr: Any, alpha: Any, eps: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # m <- beta1*m + g
    np.multiply(beta1, m, out=m)
    np.add(m, g, out=m)
    # v <- beta2*v + (1 - beta2)*g^2
    np.square(g, out=a)
    np.multiply(one_minus_beta2, a, out=a)
    np.multiply(beta2, v, out=v)
    np.add(v, a, out=v)
    # v_hat <- v / (1 - beta2^t)
    np.divide(v, bias_correction2, out=a)
    # theta <- theta - lr * (m + alpha*g) / (sqrt(v_hat) + eps)
    np.multiply(alpha, g, out=b)
    np.add(m, b, out=b)
    np.multiply(lr, b, out=b)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.divide(b, a, out=a)
    np.subtract(theta, a, out=theta)
