# Generated from the formula by: refopt generate rprop/late --to jax
# Fingerprint of the formula: 859a8811753edeed34e940a60a7f8fa380771e67f38a13014e04994f781b9712
"""Rprop that takes each step one update late.

    p            <- g*pending
    update_value <- where(p > 0, min(step_max, max(step_min, update_value*eta_plus)), where(p < 0, min(step_max,
            max(step_min, update_value*eta_minus)), update_value))
    theta        <- theta - where(p < 0, 0, pending)
    pending      <- where(p < 0, 0, update_value*sign(g))

Source: Igel & Huesken 2003, iRprop-, every Delta_0 is lr, doi:10.1016/S0925-2312(01)00700-7.
Differs from rprop: each step is taken one update late, and both limits hold.

Hyperparameters:
    lr         the step that every element starts from; 0 <= lr
    eta_minus  what a step is multiplied by where the gradient changes its sign; 0 < eta_minus < 1
    eta_plus   what a step is multiplied by where the gradient keeps its sign; 1 < eta_plus
    step_min   the least step that a change of sign leaves; 0 <= step_min
    step_max   the largest step that the same sign gives; 0 < step_max

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

DOMAIN = {"lr": "0 <= lr", "eta_minus": "0 < eta_minus < 1", "eta_plus": "1 < eta_plus", "step_min": "0 <= step_min", "step_max": "0 < step_max"}


def outside(lr: float = 0.01, eta_minus: float = 0.5, eta_plus: float = 1.2, step_min: float = 1e-06, step_max: float = 50.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eta_minus > 0 and eta_minus < 1):
        return "eta_minus"
    if not (eta_plus > 1):
        return "eta_plus"
    if not (step_min >= 0):
        return "step_min"
    if not (step_max > 0):
        return "step_max"
    return None


def init(theta: Any, *, lr: Any = 0.01) -> dict[str, Any]:
    """The state before the first update."""
    with jax.enable_x64(True):
        (lr,) = doubles(lr)
        lr_0 = jnp.asarray(lr, theta.dtype)
    return {"update_value": jnp.full_like(theta, lr_0), "pending": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, eta_minus: Any = 0.5, eta_plus: Any = 1.2, step_min: Any = 1e-06, step_max: Any = 50.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    update_value, pending = state["update_value"], state["pending"]
    with jax.enable_x64(True):
        lr, eta_minus, eta_plus, step_min, step_max = doubles(lr, eta_minus, eta_plus, step_min, step_max)
        zero = jnp.asarray(0, theta.dtype)
        step_max = jnp.asarray(step_max, theta.dtype)
        step_min = jnp.asarray(step_min, theta.dtype)
        eta_plus = jnp.asarray(eta_plus, theta.dtype)
        eta_minus = jnp.asarray(eta_minus, theta.dtype)
    p = g * pending
    update_value = jnp.where(p > zero, jnp.minimum(step_max, jnp.maximum(step_min, update_value * eta_plus)), jnp.where(p < zero, jnp.minimum(step_max, jnp.maximum(step_min, update_value * eta_minus)), update_value))
    added = -jnp.where(p < zero, zero, pending)  # the step of the update before
    pending = jnp.where(p < zero, zero, update_value * jnp.sign(g))
    return added, {"update_value": update_value, "pending": pending}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, eta_minus: Any = 0.5, eta_plus: Any = 1.2, step_min: Any = 1e-06, step_max: Any = 50.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, eta_minus=eta_minus, eta_plus=eta_plus, step_min=step_min, step_max=step_max)
    return theta + added, after


def rprop_late(
    lr: Any | Schedule = 0.01, eta_minus: Any = 0.5, eta_plus: Any = 1.2, step_min: Any = 1e-06, step_max: Any = 50.0
) -> GradientTransformation:
    """Rprop that takes each step one update late, for optax."""
    refuse(outside, DOMAIN, lr=lr, eta_minus=eta_minus, eta_plus=eta_plus, step_min=step_min, step_max=step_max)
    return transformation(lambda x: init(x, lr=lr), change, lr=lr, eta_minus=eta_minus, eta_plus=eta_plus, step_min=step_min, step_max=step_max)
