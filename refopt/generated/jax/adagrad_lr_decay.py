# Generated from the formula by: refopt generate adagrad/lr_decay --to jax
# Fingerprint of the formula: 0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2
"""Adagrad whose rate falls with the number of updates too.

    s     <- s + g^2
    theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay, JMLR 12:2121-2159.
Differs from adagrad: the rate is divided by 1 + (t - 1)*lr_decay.

Hyperparameters:
    lr        step size; 0 <= lr
    eps       keeps the division finite; 0 <= eps
    s0        what the sum of squares starts from; 0 <= s0
    lr_decay  how fast the rate itself falls; 0 <= lr_decay

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

DOMAIN = {"lr": "0 <= lr", "eps": "0 <= eps", "s0": "0 <= s0", "lr_decay": "0 <= lr_decay"}


def outside(lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0, lr_decay: float = 0.01) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eps >= 0):
        return "eps"
    if not (s0 >= 0):
        return "s0"
    if not (lr_decay >= 0):
        return "lr_decay"
    return None


def init(theta: Any, *, s0: Any = 0.0) -> dict[str, Any]:
    """The state before the first update."""
    with jax.enable_x64(True):
        (s0,) = doubles(s0)
        s0_0 = jnp.asarray(s0, theta.dtype)
    return {"s": jnp.full_like(theta, s0_0)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, eps: Any = 1e-10, s0: Any = 0.0, lr_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    s = state["s"]
    with jax.enable_x64(True):
        lr, eps, s0, lr_decay = doubles(lr, eps, s0, lr_decay)
        (t,) = whole(t)
        step_size = jnp.asarray(lr / (1 + (t - 1) * lr_decay), theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    s = s + jnp.square(g)
    added = -(step_size * g / (jnp.sqrt(s) + eps))
    return added, {"s": s}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, eps: Any = 1e-10, s0: Any = 0.0, lr_decay: Any = 0.01
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, eps=eps, s0=s0, lr_decay=lr_decay)
    return theta + added, after


def adagrad_lr_decay(lr: Any | Schedule = 0.01, eps: Any = 1e-10, s0: Any = 0.0, lr_decay: Any = 0.01) -> GradientTransformation:
    """Adagrad whose rate falls with the number of updates too, for optax."""
    refuse(outside, DOMAIN, lr=lr, eps=eps, s0=s0, lr_decay=lr_decay)
    return transformation(lambda x: init(x, s0=s0), change, lr=lr, eps=eps, s0=s0, lr_decay=lr_decay)
