# Generated from the formula by: refopt generate acprop/mean_before --to inplace
# Fingerprint of the formula: b154537c33d386060f461a8471d863b5eb2910c64ac32f87a1852e0151e38082
"""ACProp whose distance is from the mean before this gradient.

    theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m     <- beta1*m + (1 - beta1)*g

Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
Differs from acprop: the distance is from the mean before this gradient.

Hyperparameters:
    lr        step size; 0 <= lr
    beta1     decay of the first moment; 0 <= beta1 < 1
    beta2     decay of the second moment; 0 <= beta2 < 1
    eps       keeps the division finite; 0 <= eps
    eps_root  added to s at every update; 0 <= eps_root

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

RULE = "acprop/mean_before"
FINGERPRINT = "b154537c33d386060f461a8471d863b5eb2910c64ac32f87a1852e0151e38082"
HYPER: dict[str, float] = {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-16, "eps_root": 1e-16}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "eps_root": "0 <= eps_root"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "s")
SCRATCH = 2


def outside(lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (eps_root >= 0):
        return "eps_root"
    return None


def init(theta: Array, m: Array, s: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    s.fill(0)


def scalars(t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    complement = scalar(1 - power(beta2, t - 1)) if t > 1 else None
    coefficient_of_eps = scalar(1 + eps) if not (t > 1) else None
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta1 = scalar(1 - beta1)
    return (complement, coefficient_of_eps, one_minus_beta2, one_minus_beta1, scalar(lr), scalar(eps), scalar(beta2), scalar(eps_root), scalar(beta1), t)


def update(
    theta: Array, g: Array, m: Array, s: Array, a: Array, b: Array, complement: Any, coefficient_of_eps: Any, one_minus_beta2: Any,
    one_minus_beta1: Any, lr: Any, eps: Any, beta2: Any, eps_root: Any, beta1: Any, t: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))  (nothing is known before the first gradient)
    if t > 1:
        np.divide(s, complement, out=b)
        np.sqrt(b, out=b)
        np.add(b, eps, out=b)
        np.divide(g, b, out=a)
    else:
        np.divide(g, coefficient_of_eps, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
    # s <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    np.subtract(g, m, out=a)
    np.square(a, out=a)
    np.multiply(one_minus_beta2, a, out=a)
    np.multiply(beta2, s, out=s)
    np.add(s, a, out=s)
    np.add(s, eps_root, out=s)
    # m <- beta1*m + (1 - beta1)*g
    np.multiply(beta1, m, out=m)
    np.multiply(one_minus_beta1, g, out=a)
    np.add(m, a, out=m)
