# Generated from the formula by: refopt generate laprop --to jax
# Fingerprint of the formula: 1952594465af497afdfce761d3c05281988311b39456b06813dc607adeb69471
"""Momentum of the normalized gradient.

    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    m     <- beta1*m + lr * (1 - beta1) * g / (sqrt(v_hat) + eps)
    theta <- theta - m / (1 - beta1^t)

Source: Ziyin, Wang & Ueda 2020, Algorithm 1, arXiv:2002.04839.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}


def outside(lr: float = 0.0004, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-15) -> str | None:
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


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0004, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-15
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps = doubles(lr, beta1, beta2, eps)
        (t,) = whole(t)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        step_size = jnp.asarray(lr * (1 - beta1), theta.dtype)
        bias_correction1 = jnp.asarray(1 - power(beta1, t), theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    v_hat = v / bias_correction2
    m = beta1 * m + step_size * g / (jnp.sqrt(v_hat) + eps)
    added = -(m / bias_correction1)
    return added, {"m": m, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0004, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-15
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return theta + added, after


def laprop(lr: Any | Schedule = 0.0004, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-15) -> GradientTransformation:
    """Momentum of the normalized gradient, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
