# Generated from the formula by: refopt generate momentum/ema --to jax
# Fingerprint of the formula: 689530e9da4cd9a301f8e19f4b4a5be5d528ac79aa1a994d06a0a3f2b2e495e5
"""Momentum as an average of the gradients.

    v     <- momentum*v + (1 - momentum)*g
    theta <- theta - lr*v

Source: Liu, Gao & Yin 2020, SGDM, section 1, arXiv:2007.07989.
Differs from momentum: the gradient enters (1 - momentum) times.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1"}


def outside(lr: float = 0.01, momentum: float = 0.9) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"v": jnp.zeros_like(theta)}


def change(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    v = state["v"]
    with jax.enable_x64(True):
        lr, momentum = doubles(lr, momentum)
        one_minus_momentum = jnp.asarray(1 - momentum, theta.dtype)
        momentum = jnp.asarray(momentum, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    v = momentum * v + one_minus_momentum * g
    added = -(lr * v)
    return added, {"v": v}


def step(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, momentum=momentum)
    return theta + added, after


def momentum_ema(lr: Any | Schedule = 0.01, momentum: Any = 0.9) -> GradientTransformation:
    """Momentum as an average of the gradients, for optax."""
    refuse(outside, DOMAIN, lr=lr, momentum=momentum)
    return transformation(init, change, lr=lr, momentum=momentum)
