# Generated from the formula by: refopt generate momentum/dampened --to jax
# Fingerprint of the formula: 4b4c876b6ff4f50f5e44a64b39784a9f0d2e340cb9809230214e2d4f1e990451
"""Momentum with a dampened gradient, learning rate outside.

    v     <- momentum*v + (1 - dampening)*g
    theta <- theta - lr*v

Source: Sutskever et al. 2013, section 2, proceedings.mlr.press/v28/sutskever13.
Differs from momentum: the gradient enters (1 - dampening) times, from the first step on.

Hyperparameters:
    lr         step size; 0 <= lr
    momentum   share of the velocity that is kept; 0 <= momentum < 1
    dampening  share of the gradient that is held back; 0 <= dampening < 1

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

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "dampening": "0 <= dampening < 1"}


def outside(lr: float = 0.01, momentum: float = 0.9, dampening: float = 0.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (dampening >= 0 and dampening < 1):
        return "dampening"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, dampening: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    v = state["v"]
    with jax.enable_x64(True):
        lr, momentum, dampening = doubles(lr, momentum, dampening)
        one_minus_dampening = jnp.asarray(1 - dampening, theta.dtype)
        momentum = jnp.asarray(momentum, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    v = momentum * v + one_minus_dampening * g
    added = -(lr * v)
    return added, {"v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, dampening: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, momentum=momentum, dampening=dampening)
    return theta + added, after


def momentum_dampened(lr: Any | Schedule = 0.01, momentum: Any = 0.9, dampening: Any = 0.0) -> GradientTransformation:
    """Momentum with a dampened gradient, learning rate outside, for optax."""
    refuse(outside, DOMAIN, lr=lr, momentum=momentum, dampening=dampening)
    return transformation(init, change, lr=lr, momentum=momentum, dampening=dampening)
