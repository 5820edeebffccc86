# Generated from the formula by: refopt generate adamw/adamc --to jax
# Fingerprint of the formula: c9b973e208bd11ed24c58d78876ed05971bbb8fb71a8905a08369b08ba651f4f
"""AdamW whose decay falls with the square of a scheduled rate.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr^2 / lr_max * weight_decay * theta - lr * m_hat / (sqrt(v_hat) + eps)

Source: Defazio 2025, AdamC: the decay times lr_t^2/lr_max, arXiv:2506.02285.
Differs from adamw: the decay is lr^2/lr_max times weight_decay.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay
    lr_max        the largest rate of the schedule; 0 < lr_max

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay", "lr_max": "0 < lr_max"}


def outside(
    lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01, lr_max: float = 0.001
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
    if not (weight_decay >= 0):
        return "weight_decay"
    if not (lr_max > 0):
        return "lr_max"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.01, lr_max: Any = 0.001
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, weight_decay, lr_max = doubles(lr, beta1, beta2, eps, weight_decay, lr_max)
        (t,) = whole(t)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction1 = jnp.asarray(1 - power(beta1, t), theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        step_size = jnp.asarray(jnp.square(lr) / lr_max * weight_decay, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    m_hat = m / bias_correction1  # t counts updates from 1
    v_hat = v / bias_correction2
    added = -(step_size * theta) - lr * m_hat / (jnp.sqrt(v_hat) + eps)
    return added, {"m": m, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.01, lr_max: Any = 0.001
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, lr_max=lr_max)
    return theta + added, after


def adamw_adamc(
    lr: Any | Schedule = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.01, lr_max: Any = 0.001
) -> GradientTransformation:
    """AdamW whose decay falls with the square of a scheduled rate, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, lr_max=lr_max)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay, lr_max=lr_max)
