# Generated from the formula by: refopt generate schedule_free_adamw/equal_weights --to jax
# Fingerprint of the formula: e43ba38e503dd9ea025eae51abc87d0361a6a9eff23d895b918ff967d9f504bf
"""Schedule-free AdamW whose average weighs all updates alike.

    v        <- beta2*v + (1 - beta2)*g^2
    v_hat    <- v / (1 - beta2^t)
    c        <- 1 / t
    x_before <- (theta - (1 - beta1)*z) / beta1
    z        <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
    x        <- (1 - c)*x_before + c*z
    theta    <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, equation (4), and the rest as in Algorithm 1, arXiv:2405.15682.
Differs from schedule_free_adamw: the average weighs all updates alike, whatever their rates.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of x where g is taken; 0 < beta1 <= 1
    beta2         decay of the second moment; 0 <= beta2 < 1
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 < beta1 <= 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float = 0.0025, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 > 0 and beta1 <= 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"z": theta, "v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0025, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    z, v = state["z"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, weight_decay = doubles(lr, beta1, beta2, eps, weight_decay)
        (t,) = whole(t)
        c = 1 / t
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        lr_times_weight_decay = jnp.asarray(lr * weight_decay, theta.dtype)
        one_minus_c = jnp.asarray(1 - c, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        c = jnp.asarray(c, theta.dtype)
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    v_hat = v / bias_correction2
    x_before = (theta - one_minus_beta1 * z) / beta1
    z = z - lr_times_weight_decay * theta - lr * g / (jnp.sqrt(v_hat) + eps)
    x = one_minus_c * x_before + c * z
    moved = one_minus_beta1 * z + beta1 * x
    added = moved - theta
    return added, {"z": z, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0025, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
    return theta + added, after


def schedule_free_adamw_equal_weights(
    lr: Any | Schedule = 0.0025, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> GradientTransformation:
    """Schedule-free AdamW whose average weighs all updates alike, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
