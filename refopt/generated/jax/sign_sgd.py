# Generated from the formula by: refopt generate sign_sgd --to jax
# Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
"""A step of the same length in every element that has a gradient.

    theta <- theta - lr*sign(g)

Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.

Hyperparameters:
    lr  step size; 0 <= lr

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

DOMAIN = {"lr": "0 <= lr"}


def outside(lr: float = 0.01) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {}


def change(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    with jax.enable_x64(True):
        (lr,) = doubles(lr)
        lr = jnp.asarray(lr, theta.dtype)
    added = -(lr * jnp.sign(g))
    return added, {}


def step(theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr)
    return theta + added, after


def sign_sgd(lr: Any | Schedule = 0.01) -> GradientTransformation:
    """A step of the same length in every element that has a gradient, for optax."""
    refuse(outside, DOMAIN, lr=lr)
    return transformation(init, change, lr=lr)
