# Generated from the formula by: refopt generate sgdw/lr_inside --to jax
# Fingerprint of the formula: daf9c97bfe31a7fc146d0416565da87e0e4eb252739386cbe60867832810f108
"""Momentum with decoupled weight decay, the rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - lr*weight_decay*theta - v

Source: Loshchilov & Hutter 2019, Algorithm 1, decay times the scheduled rate, arXiv:1711.05101.
Differs from sgdw: the velocity holds the rate.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the velocity that is kept; 0 <= momentum < 1
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

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "weight_decay": "0 <= weight_decay"}


def outside(lr: float = 0.01, momentum: float = 0.9, weight_decay: float = 0.01) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    v = state["v"]
    with jax.enable_x64(True):
        lr, momentum, weight_decay = doubles(lr, momentum, weight_decay)
        lr_times_weight_decay = jnp.asarray(lr * weight_decay, theta.dtype)
        momentum = jnp.asarray(momentum, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    v = momentum * v + lr * g
    added = -(lr_times_weight_decay * theta) - v
    return added, {"v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, momentum=momentum, weight_decay=weight_decay)
    return theta + added, after


def sgdw_lr_inside(lr: Any | Schedule = 0.01, momentum: Any = 0.9, weight_decay: Any = 0.01) -> GradientTransformation:
    """Momentum with decoupled weight decay, the rate inside the velocity, for optax."""
    refuse(outside, DOMAIN, lr=lr, momentum=momentum, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, momentum=momentum, weight_decay=weight_decay)
