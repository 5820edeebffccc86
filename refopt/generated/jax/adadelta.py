# Generated from the formula by: refopt generate adadelta --to jax
# Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
"""Steps in the units of the parameters: as long as the last ones were.

    s     <- rho*s + (1 - rho)*g^2
    d     <- sqrt(u + eps) / sqrt(s + eps) * g
    u     <- rho*u + (1 - rho)*d^2
    theta <- theta - lr*d

Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.

Hyperparameters:
    lr   step size; 0 <= lr
    rho  decay of the mean square; 0 <= rho < 1
    eps  keeps the division finite; 0 <= eps

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

DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps"}


def outside(lr: float = 1.0, rho: float = 0.9, eps: float = 1e-06) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (rho >= 0 and rho < 1):
        return "rho"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"s": jnp.zeros_like(theta), "u": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 1.0, rho: Any = 0.9, eps: Any = 1e-06
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    s, u = state["s"], state["u"]
    with jax.enable_x64(True):
        lr, rho, eps = doubles(lr, rho, eps)
        one_minus_rho = jnp.asarray(1 - rho, theta.dtype)
        rho = jnp.asarray(rho, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    s = rho * s + one_minus_rho * jnp.square(g)
    d = jnp.sqrt(u + eps) / jnp.sqrt(s + eps) * g
    u = rho * u + one_minus_rho * jnp.square(d)
    added = -(lr * d)
    return added, {"s": s, "u": u}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 1.0, rho: Any = 0.9, eps: Any = 1e-06
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, rho=rho, eps=eps)
    return theta + added, after


def adadelta(lr: Any | Schedule = 1.0, rho: Any = 0.9, eps: Any = 1e-06) -> GradientTransformation:
    """Steps in the units of the parameters: as long as the last ones were, for optax."""
    refuse(outside, DOMAIN, lr=lr, rho=rho, eps=eps)
    return transformation(init, change, lr=lr, rho=rho, eps=eps)
