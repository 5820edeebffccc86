# Generated from the formula by: refopt generate madgrad/decoupled --to jax
# Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
"""MADGRAD as code has it, with decoupled weight decay.

    lam   <- (lr + eps)*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the parameter that is kept; 0 < momentum < 1
    eps           keeps the division finite; 0 <= eps
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

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, refuse, transformation, whole

DOMAIN = {"lr": "0 <= lr", "momentum": "0 < momentum < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-06, weight_decay: float = 0.01) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum > 0 and momentum < 1):
        return "momentum"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"s": jnp.zeros_like(theta), "n": jnp.zeros_like(theta), "theta_start": theta}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, eps: Any = 1e-06, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    s, n, theta_start = state["s"], state["n"], state["theta_start"]
    with jax.enable_x64(True):
        lr, momentum, eps, weight_decay = doubles(lr, momentum, eps, weight_decay)
        (t,) = whole(t)
        lam = (lr + eps) * jnp.sqrt(t)
        lr_times_weight_decay = jnp.asarray(lr * weight_decay, theta.dtype)
        one_minus_momentum = jnp.asarray(1 - momentum, theta.dtype)
        lam = jnp.asarray(lam, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        momentum = jnp.asarray(momentum, theta.dtype)
    n = n + lam * jnp.square(g)
    s = s + lam * g
    z = theta_start - s / (jnp.cbrt(n) + eps)
    moved = momentum * (theta - lr_times_weight_decay * theta) + one_minus_momentum * z
    added = moved - theta
    return added, {"s": s, "n": n, "theta_start": theta_start}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, momentum: Any = 0.9, eps: Any = 1e-06, weight_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, momentum=momentum, eps=eps, weight_decay=weight_decay)
    return theta + added, after


def madgrad_decoupled(lr: Any | Schedule = 0.01, momentum: Any = 0.9, eps: Any = 1e-06, weight_decay: Any = 0.01) -> GradientTransformation:
    """MADGRAD as code has it, with decoupled weight decay, for optax."""
    refuse(outside, DOMAIN, lr=lr, momentum=momentum, eps=eps, weight_decay=weight_decay)
    return transformation(init, change, lr=lr, momentum=momentum, eps=eps, weight_decay=weight_decay)
