# Generated from the formula by: refopt generate schedule_free_adamw/max_rate --to jax
# Fingerprint of the formula: 349f169f40cf449fae9afb7e75cddc11bee306174f363aab3072f4e28c3d8c5a
"""Schedule-free AdamW whose average weighs by the largest rate so far.

    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    lr_max     <- max(lr_max, lr)
    weight     <- lr_max^2
    weight_sum <- weight_sum + weight
    c          <- where(weight_sum > 0, weight / weight_sum, 0)
    x_before   <- (theta - (1 - beta1)*z) / beta1
    z          <- z - lr*weight_decay*theta - lr * g / (sqrt(v_hat) + eps)
    x          <- (1 - c)*x_before + c*z
    theta      <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
Differs from schedule_free_adamw: the largest rate so far weighs: a rate that falls weighs no less.

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
A state of one value is kept in JAX's default float or integer, which saving and loading keep.
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
    kept_as = jnp.result_type(float)
    with jax.enable_x64(True):
        return {"z": theta, "v": jnp.zeros_like(theta), "weight_sum": jnp.asarray(0, kept_as), "lr_max": jnp.asarray(0, kept_as)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0025, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    z, v, weight_sum, lr_max = state["z"], state["v"], state["weight_sum"], state["lr_max"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, weight_decay = doubles(lr, beta1, beta2, eps, weight_decay)
        (t,) = whole(t)
        weight_sum, lr_max = doubles(weight_sum, lr_max)
        lr_max = jnp.maximum(lr_max, lr)
        weight = jnp.square(lr_max)
        weight_sum = weight_sum + weight
        c = jnp.where(weight_sum > 0, weight / weight_sum, 0)
        after = {"weight_sum": jnp.asarray(weight_sum, jnp.result_type(state["weight_sum"])), "lr_max": jnp.asarray(lr_max, jnp.result_type(state["lr_max"]))}
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
    return added, {"z": z, "v": v, **after}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0025, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
    return theta + added, after


def schedule_free_adamw_max_rate(
    lr: Any | Schedule = 0.0025, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> GradientTransformation:
    """Schedule-free AdamW whose average weighs by the largest rate so far, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay)
