# Generated from the formula by: refopt generate momentum --to jax
# Fingerprint of the formula: 795b1c95013458f5e86aa5e9277d6c557de2f4ae5c7f7040298cd10ac8356ee5
"""Momentum, learning rate inside the velocity.

    v     <- momentum*v + lr*g
    theta <- theta - v

Source: Polyak 1964, equation (9), doi:10.1016/0041-5553(64)90137-5.
Source: Qian 1999, section 1, the momentum term, doi:10.1016/S0893-6080(98)00116-6.

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
        momentum = jnp.asarray(momentum, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    v = momentum * v + lr * g
    added = -v
    return added, {"v": v}


def step(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, momentum=momentum)
    return theta + added, after


def momentum(lr: Any | Schedule = 0.01, momentum: Any = 0.9) -> GradientTransformation:
    """Momentum, learning rate inside the velocity, for optax."""
    refuse(outside, DOMAIN, lr=lr, momentum=momentum)
    return transformation(init, change, lr=lr, momentum=momentum)
