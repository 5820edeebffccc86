# Generated from the formula by: refopt generate ademamix --to jax
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "beta3": "0 <= beta3 < 1", "alpha": "0 <= alpha", "weight_decay": "0 <= weight_decay"}


def outside(
    lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, beta3: float = 0.9999, alpha: float = 5.0, weight_decay: float = 0.01
) -> str | None:
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


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta), "m_slow": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, beta3: Any = 0.9999, alpha: Any = 5.0, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v, m_slow = state["m"], state["v"], state["m_slow"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, beta3, alpha, weight_decay = doubles(lr, beta1, beta2, eps, beta3, alpha, weight_decay)
        (t,) = whole(t)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        one_minus_beta3 = jnp.asarray(1 - beta3, theta.dtype)
        bias_correction1 = jnp.asarray(1 - power(beta1, t), theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        beta3 = jnp.asarray(beta3, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        alpha = jnp.asarray(alpha, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        weight_decay = jnp.asarray(weight_decay, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    m_slow = beta3 * m_slow + one_minus_beta3 * g  # never corrected
    m_hat = m / bias_correction1  # t counts updates from 1
    v_hat = v / bias_correction2
    added = -(lr * ((m_hat + alpha * m_slow) / (jnp.sqrt(v_hat) + eps) + weight_decay * theta))
    return added, {"m": m, "v": v, "m_slow": m_slow}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, beta3: Any = 0.9999, alpha: Any = 5.0, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, beta3=beta3, alpha=alpha, weight_decay=weight_decay)
    return theta + added, after


def ademamix(
    lr: Any | Schedule = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, beta3: Any = 0.9999, alpha: Any = 5.0, weight_decay: Any = 0.01
) -> GradientTransformation:
    """Adam with a fast and a slow average of the gradients, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, beta3=beta3, alpha=alpha, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, beta3=beta3, alpha=alpha, weight_decay=weight_decay)
