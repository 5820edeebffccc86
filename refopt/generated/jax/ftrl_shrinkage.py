# Generated from the formula by: refopt generate ftrl/shrinkage --to jax
# Fingerprint of the formula: 26e3303b36816e76abcc2348af1397addf03c8b39bfc3f127e31eb0007b71408
"""FTRL on the gradients of a penalized loss, whose squares are summed without the penalty.

    n_before <- n
    n        <- n + g^2
    z        <- z + (g + 2*l2_shrinkage*theta) - (sqrt(n) - sqrt(n_before)) / lr * theta
    theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + 2*l2)

Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.
Differs from ftrl: 2*l2_shrinkage*theta is added to what z sums; l2 counts twice.

Hyperparameters:
    lr            step size; 0 < lr
    l1            strength of the penalty on the size; 0 <= l1
    l2            strength of the penalty on the square; 0 <= l2
    beta          what the rate is smoothed by; 0 <= beta
    s0            what the sum of squares starts from; 0 <= s0
    l2_shrinkage  strength of a penalty on the square in the loss; 0 <= l2_shrinkage

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

DOMAIN = {"lr": "0 < lr", "l1": "0 <= l1", "l2": "0 <= l2", "beta": "0 <= beta", "s0": "0 <= s0", "l2_shrinkage": "0 <= l2_shrinkage"}


def outside(
    lr: float = 0.001, l1: float = 0.0, l2: float = 0.0, beta: float = 1.0, s0: float = 0.0, l2_shrinkage: float = 0.0
) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr > 0):
        return "lr"
    if not (l1 >= 0):
        return "l1"
    if not (l2 >= 0):
        return "l2"
    if not (beta >= 0):
        return "beta"
    if not (s0 >= 0):
        return "s0"
    if not (l2_shrinkage >= 0):
        return "l2_shrinkage"
    return None


def init(theta: Any, *, s0: Any = 0.0) -> dict[str, Any]:
    """The state before the first update."""
    with jax.enable_x64(True):
        (s0,) = doubles(s0)
        s0_0 = jnp.asarray(s0, theta.dtype)
    return {"z": jnp.zeros_like(theta), "n": jnp.full_like(theta, s0_0)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, l1: Any = 0.0, l2: Any = 0.0, beta: Any = 1.0, s0: Any = 0.0, l2_shrinkage: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    z, n = state["z"], state["n"]
    with jax.enable_x64(True):
        lr, l1, l2, beta, s0, l2_shrinkage = doubles(lr, l1, l2, beta, s0, l2_shrinkage)
        coefficient_of_l2_shrinkage = jnp.asarray(2 * l2_shrinkage, theta.dtype)
        coefficient_of_l1 = jnp.asarray(-l1, theta.dtype)
        coefficient_of_l2 = jnp.asarray(2 * l2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        l1 = jnp.asarray(l1, theta.dtype)
        beta = jnp.asarray(beta, theta.dtype)
    n_before = n
    n = n + jnp.square(g)
    z = z + (g + coefficient_of_l2_shrinkage * theta) - (jnp.sqrt(n) - jnp.sqrt(n_before)) / lr * theta
    moved = -((z - jnp.maximum(coefficient_of_l1, jnp.minimum(l1, z))) / ((beta + jnp.sqrt(n)) / lr + coefficient_of_l2))
    added = moved - theta
    return added, {"z": z, "n": n}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, l1: Any = 0.0, l2: Any = 0.0, beta: Any = 1.0, s0: Any = 0.0, l2_shrinkage: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, l1=l1, l2=l2, beta=beta, s0=s0, l2_shrinkage=l2_shrinkage)
    return theta + added, after


def ftrl_shrinkage(
    lr: Any | Schedule = 0.001, l1: Any = 0.0, l2: Any = 0.0, beta: Any = 1.0, s0: Any = 0.0, l2_shrinkage: Any = 0.0
) -> GradientTransformation:
    """FTRL on the gradients of a penalized loss, whose squares are summed without the penalty, for optax."""
    refuse(outside, DOMAIN, lr=lr, l1=l1, l2=l2, beta=beta, s0=s0, l2_shrinkage=l2_shrinkage)
    return transformation(lambda x: init(x, s0=s0), change, lr=lr, l1=l1, l2=l2, beta=beta, s0=s0, l2_shrinkage=l2_shrinkage)
