# Generated from the formula by: refopt generate adan --to jax
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

Functions without side effects that may be jitted, vmapped and scanned. Scalars are formed in binary64, whatever
jax_enable_x64 says, and rounded once to the array's dtype. `update` needs the parameters. Numbers outside their domains
are refused; what is traced is not looked at. Compiled for the CPU, XLA may contract a product and a sum to one
rounding.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, power, refuse, transformation, whole

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "beta3": "0 <= beta3 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(
    lr: float = 0.001, beta1: float = 0.98, beta2: float = 0.92, beta3: float = 0.99, eps: float = 1e-08, weight_decay: float = 0.01
) -> str | None:
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


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "w": jnp.zeros_like(theta), "n": jnp.zeros_like(theta), "g_before": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.98, beta2: Any = 0.92, beta3: Any = 0.99, eps: Any = 1e-08, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, w, n, g_before = state["m"], state["w"], state["n"], state["g_before"]
    with jax.enable_x64(True):
        lr, beta1, beta2, beta3, eps, weight_decay = doubles(lr, beta1, beta2, beta3, eps, weight_decay)
        (t,) = whole(t)
        zero = jnp.asarray(0, theta.dtype)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        one_minus_beta3 = jnp.asarray(1 - beta3, theta.dtype)
        bias_correction1 = jnp.asarray(1 - power(beta1, t), theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        bias_correction3 = jnp.asarray(1 - power(beta3, t), theta.dtype)
        step_size = jnp.asarray(1 + lr * weight_decay, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        beta3 = jnp.asarray(beta3, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    d = jnp.where(t > 1, g - g_before, zero * g)
    m = beta1 * m + one_minus_beta1 * g
    w = beta2 * w + one_minus_beta2 * d
    n = beta3 * n + one_minus_beta3 * jnp.square(g + beta2 * d)
    moved = (theta - lr * (m / bias_correction1 + beta2 * w / bias_correction2) / (jnp.sqrt(n / bias_correction3) + eps)) / step_size
    g_before = g
    added = moved - theta
    return added, {"m": m, "w": w, "n": n, "g_before": g_before}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.98, beta2: Any = 0.92, beta3: Any = 0.99, eps: Any = 1e-08, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, eps=eps, weight_decay=weight_decay)
    return theta + added, after


def adan(
    lr: Any | Schedule = 0.001, beta1: Any = 0.98, beta2: Any = 0.92, beta3: Any = 0.99, eps: Any = 1e-08, weight_decay: Any = 0.01
) -> GradientTransformation:
    """Adam with Nesterov momentum made of the gradient's change, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, eps=eps, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, beta3=beta3, eps=eps, weight_decay=weight_decay)
