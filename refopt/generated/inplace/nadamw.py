# Generated from the formula by: refopt generate nadamw --to inplace
# Fingerprint of the formula: 2946bc37e188533586fa3deb45381ab524842fe53f5000f22110642b3f65f753
"""NAdam of a constant momentum with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr*weight_decay*theta - lr * (beta1 * m / (1 - beta1^(t + 1)) + (1 - beta1) * g / (1 - beta1^t)) /
            (sqrt(v_hat) + eps)

Source: Dozat 2016, Algorithm 2, a constant momentum, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on NAdam, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
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

RULE = "nadamw"
FINGERPRINT = "2946bc37e188533586fa3deb45381ab524842fe53f5000f22110642b3f65f753"
HYPER: dict[str, float] = {"lr": 0.002, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "weight_decay": 0.01}
DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
STATE: tuple[str, ...] = ("m", "v")
SCRATCH = 3


def outside(lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> str | None:
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
    return None


def init(theta: Array, m: Array, v: Array) -> None:
    """The state before the first update, into the arrays given."""
    m.fill(0)
    v.fill(0)


def scalars(
    t: int, scalar: Callable[[float], Any], lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    lr_times_weight_decay = scalar(lr * weight_decay)
    complement = scalar(1 - power(beta1, t + 1))
    bias_correction1 = scalar(1 - power(beta1, t))
    return (one_minus_beta1, one_minus_beta2, bias_correction2, lr_times_weight_decay, complement, bias_correction1, scalar(beta1), scalar(beta2), scalar(lr), scalar(eps))


def update(
    theta: Array, g: Array, m: Array, v: Array, a: Array, b: Array, c: Array, one_minus_beta1: Any, one_minus_beta2: Any,
    bias_correction2: Any, lr_times_weight_decay: Any, complement: Any, bias_correction1: Any, beta1: Any, beta2: Any, lr: Any, eps: Any
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
    # theta <- theta - lr*weight_decay*theta - lr * (beta1 * m / (1 - beta1^(t + 1)) + (1 - beta1) * g / (1 - beta1^t)) / (sqrt(v_hat) + eps)
    np.multiply(beta1, m, out=b)
    np.divide(b, complement, out=b)
    np.multiply(one_minus_beta1, g, out=c)
    np.divide(c, bias_correction1, out=c)
    np.add(b, c, out=b)
    np.multiply(lr, b, out=b)
    np.sqrt(a, out=a)
    np.add(a, eps, out=a)
    np.divide(b, a, out=a)
    np.multiply(lr_times_weight_decay, theta, out=b)
    np.subtract(theta, b, out=theta)
    np.subtract(theta, a, out=theta)
