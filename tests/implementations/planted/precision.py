"""The right formula, less precise than the format allows, each for one cause. `expected` is "reduced"."""

from __future__ import annotations

import numpy as np

from ..arithmetic import mean, rounded
from ..program import Array, Result, State, planted, program


@program("v")
def velocity_through_float16(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """The velocity is rounded to float16 at every step."""
    decay, rate = rounded(theta, momentum, lr)
    v = (decay * state["v"] + rate * grad).astype(np.float16).astype(theta.dtype)
    return theta - v, {"v": v}


@program("m", "v")
def hyperparameters_through_float32(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Every hyperparameter is rounded to float32 first (keras in float64)."""
    lr, beta1, beta2, eps = (float(np.float32(value)) for value in (lr, beta1, beta2, eps))
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def corrections_in_float32(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """1 - b^t formed in float32 (optax)."""
    one = np.float32(1)
    q1, q2 = one - np.float32(beta1) ** np.float32(t), one - np.float32(beta2) ** np.float32(t)
    rate, epsilon, first, second = rounded(theta, lr, eps, float(q1), float(q2))
    m, v = mean(state["m"], grad, beta1), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / first) / (np.sqrt(v / second) + epsilon), {"m": m, "v": v}


@program("m", "v")
def amplifying_lerp(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """g + b1 (m - g) where b1 is near 1."""
    rate, epsilon, q1, q2, keep = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t, beta1)
    m, v = grad + keep * (state["m"] - grad), mean(state["v"], grad * grad, beta2)
    return theta - rate * (m / q1) / (np.sqrt(v / q2) + epsilon), {"m": m, "v": v}


@program("m", "v")
def everything_in_float32(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float
) -> Result:
    """Computes and stores in float32 whatever the format."""
    x, g, m, v = (array.astype(np.float32) for array in (theta, grad, state["m"], state["v"]))
    rate, epsilon, q1, q2 = rounded(x, lr, eps, 1 - beta1**t, 1 - beta2**t)
    m, v = mean(m, g, beta1), mean(v, g * g, beta2)
    new = x - rate * (m / q1) / (np.sqrt(v / q2) + epsilon)
    return new.astype(theta.dtype), {"m": m.astype(theta.dtype), "v": v.astype(theta.dtype)}


PROGRAMS = (
    planted("momentum", velocity_through_float16, "reduced"),
    planted("adam", hyperparameters_through_float32, "reduced"),
    planted("adam", corrections_in_float32, "reduced"),
    planted("adam", amplifying_lerp, "reduced"),
    planted("adam", everything_in_float32, "reduced"),
)
