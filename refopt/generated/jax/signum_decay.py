# Generated from the formula by: refopt generate signum/decay --to jax
# Fingerprint of the formula: 2d1bd1ec69263bcc9f19353a1a51a7795f405b1d18a62010821e32401f1486a8
"""The sign of the momentum with decoupled weight decay (Tiger).

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*(sign(m) + weight_decay*theta)

Source: Su 2023, Tiger, the basic form, spaces.ac.cn/archives/9512.
Differs from signum: weight_decay*theta beside the sign.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the momentum; 0 <= beta1 < 1
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "weight_decay": "0 <= weight_decay"}


def outside(lr: float = 0.01, beta1: float = 0.9, weight_decay: float = 0.01) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, beta1: Any = 0.9, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m = state["m"]
    with jax.enable_x64(True):
        lr, beta1, weight_decay = doubles(lr, beta1, weight_decay)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        weight_decay = jnp.asarray(weight_decay, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    added = -(lr * (jnp.sign(m) + weight_decay * theta))
    return added, {"m": m}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, beta1: Any = 0.9, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, weight_decay=weight_decay)
    return theta + added, after


def signum_decay(lr: Any | Schedule = 0.01, beta1: Any = 0.9, weight_decay: Any = 0.01) -> GradientTransformation:
    """The sign of the momentum with decoupled weight decay (Tiger), for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, beta1=beta1, weight_decay=weight_decay)
