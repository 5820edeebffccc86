# Generated from the formula by: refopt generate asgd --to jax
# Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
"""Gradient descent with a falling rate, and the average of its parameters.

    eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
    mu    <- 1 / max(1, t - 1 - averaged_after)
    theta <- theta*(1 - lambd*eta) - eta*g
    ax    <- ax + mu*(theta - ax)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.

Hyperparameters:
    lr              step size; 0 <= lr
    lambd           decay of the weights, and of the rate; 0 <= lambd
    alpha           exponent of the fall of the rate; 0 <= alpha
    averaged_after  the update after which the average begins; 0 <= averaged_after

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

DOMAIN = {"lr": "0 <= lr", "lambd": "0 <= lambd", "alpha": "0 <= alpha", "averaged_after": "0 <= averaged_after"}


def outside(lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lambd >= 0):
        return "lambd"
    if not (alpha >= 0):
        return "alpha"
    if not (averaged_after >= 0):
        return "averaged_after"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"ax": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, lambd: Any = 0.0001, alpha: Any = 0.75, averaged_after: Any = 1000000.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    ax = state["ax"]
    with jax.enable_x64(True):
        lr, lambd, alpha, averaged_after = doubles(lr, lambd, alpha, averaged_after)
        (t,) = whole(t)
        eta = lr / jnp.power(1 + lambd * lr * (t - 1), alpha)
        mu = 1 / jnp.maximum(1, t - 1 - averaged_after)
        complement = jnp.asarray(1 - lambd * eta, theta.dtype)
        eta = jnp.asarray(eta, theta.dtype)
        mu = jnp.asarray(mu, theta.dtype)
    moved = theta * complement - eta * g
    ax = ax + mu * (moved - ax)
    added = moved - theta
    return added, {"ax": ax}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, lambd: Any = 0.0001, alpha: Any = 0.75, averaged_after: Any = 1000000.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, lambd=lambd, alpha=alpha, averaged_after=averaged_after)
    return theta + added, after


def asgd(lr: Any | Schedule = 0.01, lambd: Any = 0.0001, alpha: Any = 0.75, averaged_after: Any = 1000000.0) -> GradientTransformation:
    """Gradient descent with a falling rate, and the average of its parameters, for optax."""
    refuse(outside, DOMAIN, lr=lr, lambd=lambd, alpha=alpha, averaged_after=averaged_after)
    return transformation(init, change, lr=lr, lambd=lambd, alpha=alpha, averaged_after=averaged_after)
