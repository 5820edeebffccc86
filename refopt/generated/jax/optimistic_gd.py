# Generated from the formula by: refopt generate optimistic_gd --to jax
# Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
"""Gradient descent that guesses the next gradient from the last change.

    d        <- where(t > 1, g_before, g)
    theta    <- theta - lr*((alpha + beta)*g - beta*d)
    g_before <- g

Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.

Hyperparameters:
    lr     step size; 0 <= lr
    alpha  weight of the gradient; 0 <= alpha
    beta   weight of the change of the gradient; 0 <= beta

Functions without side effects that may be jitted, vmapped and scanned. Scalars are formed in binary64, whatever
jax_enable_x64 says, and rounded once to the array's dtype. `update` needs the parameters. Numbers outside their domains
are refused; what is traced is not looked at. Compiled for the CPU, XLA may contract a product and a sum to one
rounding.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, refuse, transformation, whole

DOMAIN = {"lr": "0 <= lr", "alpha": "0 <= alpha", "beta": "0 <= beta"}


def outside(lr: float = 0.01, alpha: float = 1.0, beta: float = 1.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (alpha >= 0):
        return "alpha"
    if not (beta >= 0):
        return "beta"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"g_before": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, alpha: Any = 1.0, beta: Any = 1.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    g_before = state["g_before"]
    with jax.enable_x64(True):
        lr, alpha, beta = doubles(lr, alpha, beta)
        (t,) = whole(t)
        alpha_plus_beta = jnp.asarray(alpha + beta, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        beta = jnp.asarray(beta, theta.dtype)
    d = jnp.where(t > 1, g_before, g)
    added = -(lr * (alpha_plus_beta * g - beta * d))
    g_before = g
    return added, {"g_before": g_before}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, alpha: Any = 1.0, beta: Any = 1.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, alpha=alpha, beta=beta)
    return theta + added, after


def optimistic_gd(lr: Any | Schedule = 0.01, alpha: Any = 1.0, beta: Any = 1.0) -> GradientTransformation:
    """Gradient descent that guesses the next gradient from the last change, for optax."""
    refuse(outside, DOMAIN, lr=lr, alpha=alpha, beta=beta)
    return transformation(init, change, lr=lr, alpha=alpha, beta=beta)
