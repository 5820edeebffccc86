# Generated from the formula by: refopt generate lion --to jax
# Fingerprint of the formula: edb2c265c6146cc2ad31ce9d6b535e57e8ca88618273905725f8638957240643
"""The sign of an interpolated momentum.

    c     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(sign(c) + weight_decay*theta)
    m     <- beta2*m + (1 - beta2)*g

Source: Chen et al. 2023, Algorithm 2, arXiv:2302.06675.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         share of the momentum in the step; 0 <= beta1 < 1
    beta2         decay of the momentum; 0 <= beta2 < 1
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

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, refuse, transformation

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "weight_decay": "0 <= weight_decay"}


def outside(lr: float = 0.0001, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0001, beta1: Any = 0.9, beta2: Any = 0.99, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m = state["m"]
    with jax.enable_x64(True):
        lr, beta1, beta2, weight_decay = doubles(lr, beta1, beta2, weight_decay)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        weight_decay = jnp.asarray(weight_decay, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
    c = beta1 * m + one_minus_beta1 * g
    added = -(lr * (jnp.sign(c) + weight_decay * theta))
    m = beta2 * m + one_minus_beta2 * g
    return added, {"m": m}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.0001, beta1: Any = 0.9, beta2: Any = 0.99, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay)
    return theta + added, after


def lion(lr: Any | Schedule = 0.0001, beta1: Any = 0.9, beta2: Any = 0.99, weight_decay: Any = 0.0) -> GradientTransformation:
    """The sign of an interpolated momentum, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay)
