# Generated from the formula by: refopt generate schedule_free_sgd/max_rate --to jax
# Fingerprint of the formula: 220619583912775d85cfe332c5a873b41535a3e6230ba20882005feafc685141
"""Schedule-free SGD whose average weighs by the largest rate so far.

    lr_max     <- max(lr_max, lr)
    weight     <- lr_max^2
    weight_sum <- weight_sum + weight
    c          <- where(weight_sum > 0, weight / weight_sum, 0)
    x_before   <- (theta - (1 - beta1)*z) / beta1
    z          <- z - lr*g
    x          <- (1 - c)*x_before + c*z
    theta      <- (1 - beta1)*z + beta1*x

Source: Defazio et al. 2024, the authors' code, weight_lr_power = 2 and r = 0, https://github.com/facebookresearch/schedule_free.
Differs from schedule_free_sgd: the largest rate so far weighs: a rate that falls weighs no less.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  share of x where g is taken; 0 < beta1 <= 1

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

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, refuse, transformation

DOMAIN = {"lr": "0 <= lr", "beta1": "0 < beta1 <= 1"}


def outside(lr: float = 1.0, beta1: float = 0.9) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 > 0 and beta1 <= 1):
        return "beta1"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    kept_as = jnp.result_type(float)
    with jax.enable_x64(True):
        return {"z": theta, "weight_sum": jnp.asarray(0, kept_as), "lr_max": jnp.asarray(0, kept_as)}


def change(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 1.0, beta1: Any = 0.9) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    z, weight_sum, lr_max = state["z"], state["weight_sum"], state["lr_max"]
    with jax.enable_x64(True):
        lr, beta1 = doubles(lr, beta1)
        weight_sum, lr_max = doubles(weight_sum, lr_max)
        lr_max = jnp.maximum(lr_max, lr)
        weight = jnp.square(lr_max)
        weight_sum = weight_sum + weight
        c = jnp.where(weight_sum > 0, weight / weight_sum, 0)
        after = {"weight_sum": jnp.asarray(weight_sum, jnp.result_type(state["weight_sum"])), "lr_max": jnp.asarray(lr_max, jnp.result_type(state["lr_max"]))}
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_c = jnp.asarray(1 - c, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        c = jnp.asarray(c, theta.dtype)
    x_before = (theta - one_minus_beta1 * z) / beta1
    z = z - lr * g
    x = one_minus_c * x_before + c * z
    moved = one_minus_beta1 * z + beta1 * x
    added = moved - theta
    return added, {"z": z, **after}


def step(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 1.0, beta1: Any = 0.9) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1)
    return theta + added, after


def schedule_free_sgd_max_rate(lr: Any | Schedule = 1.0, beta1: Any = 0.9) -> GradientTransformation:
    """Schedule-free SGD whose average weighs by the largest rate so far, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1)
    return transformation(init, change, lr=lr, beta1=beta1)
