# Generated from the formula by: refopt generate madgrad/eps_in_lr --to jax
# Fingerprint of the formula: 6eeb9817e19cf148b0db2fe7889b54778a206728eeaf443ac0341fc0b437b9f0
"""MADGRAD with epsilon added to the rate too.

    lam   <- (lr + eps)*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*theta + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
Differs from madgrad: eps is added to the rate.

Hyperparameters:
    lr        step size; 0 <= lr
    momentum  share of the parameter that is kept; 0 <= momentum < 1
    eps       keeps the division finite; 0 <= eps

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

DOMAIN = {"lr": "0 <= lr", "momentum": "0 <= momentum < 1", "eps": "0 <= eps"}


def outside(lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-06) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"s": jnp.zeros_like(theta), "n": jnp.zeros_like(theta), "theta_start": theta}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, eps: Any = 1e-06
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    s, n, theta_start = state["s"], state["n"], state["theta_start"]
    with jax.enable_x64(True):
        lr, momentum, eps = doubles(lr, momentum, eps)
        (t,) = whole(t)
        lam = (lr + eps) * jnp.sqrt(t)
        one_minus_momentum = jnp.asarray(1 - momentum, theta.dtype)
        lam = jnp.asarray(lam, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        momentum = jnp.asarray(momentum, theta.dtype)
    n = n + lam * jnp.square(g)
    s = s + lam * g
    z = theta_start - s / (jnp.cbrt(n) + eps)
    moved = momentum * theta + one_minus_momentum * z
    added = moved - theta
    return added, {"s": s, "n": n, "theta_start": theta_start}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, eps: Any = 1e-06
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, momentum=momentum, eps=eps)
    return theta + added, after


def madgrad_eps_in_lr(lr: Any | Schedule = 0.01, momentum: Any = 0.9, eps: Any = 1e-06) -> GradientTransformation:
    """MADGRAD with epsilon added to the rate too, for optax."""
    refuse(outside, DOMAIN, lr=lr, momentum=momentum, eps=eps)
    return transformation(init, change, lr=lr, momentum=momentum, eps=eps)
