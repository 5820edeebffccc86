# Generated from the formula by: refopt generate cocob/scaled --to jax
# Fingerprint of the formula: 6b11762c2ff877110e414d8dffc12ef6291e0dc5534380058c357d7d293390b0
"""COCOB on gradients, decayed weights added, that a rate multiplies.

    g_scaled     <- lr*(g + weight_decay*theta)
    scale        <- max(scale, abs(g_scaled))
    abs_sum      <- abs_sum + abs(g_scaled)
    reward       <- max(reward - g_scaled*(theta - theta_start), 0)
    negative_sum <- negative_sum - g_scaled
    change       <- theta_start + negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward) - theta
    theta        <- theta + change

Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
Differs from cocob: g is lr*(g + weight_decay*theta).

Hyperparameters:
    lr            step size; 0 <= lr
    alpha         about how many updates the bets are held small; 0 <= alpha
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

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, refuse, transformation

DOMAIN = {"lr": "0 <= lr", "alpha": "0 <= alpha", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float = 1.0, alpha: float = 100.0, eps: float = 1e-08, weight_decay: float = 0.0) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Any, *, eps: Any = 1e-08) -> dict[str, Any]:
    """The state before the first update."""
    with jax.enable_x64(True):
        (eps,) = doubles(eps)
        eps_0 = jnp.asarray(eps, theta.dtype)
    return {"scale": jnp.full_like(theta, eps_0), "abs_sum": jnp.zeros_like(theta), "reward": jnp.zeros_like(theta), "negative_sum": jnp.zeros_like(theta), "theta_start": theta}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 1.0, alpha: Any = 100.0, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    scale, abs_sum, reward, negative_sum, theta_start = state["scale"], state["abs_sum"], state["reward"], state["negative_sum"], state["theta_start"]
    with jax.enable_x64(True):
        lr, alpha, eps, weight_decay = doubles(lr, alpha, eps, weight_decay)
        zero = jnp.asarray(0, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        weight_decay = jnp.asarray(weight_decay, theta.dtype)
        alpha = jnp.asarray(alpha, theta.dtype)
    g_scaled = lr * (g + weight_decay * theta)
    scale = jnp.maximum(scale, jnp.abs(g_scaled))
    abs_sum = abs_sum + jnp.abs(g_scaled)
    reward = jnp.maximum(reward - g_scaled * (theta - theta_start), zero)
    negative_sum = negative_sum - g_scaled
    change_ = theta_start + negative_sum / (scale * jnp.maximum(abs_sum + scale, alpha * scale)) * (scale + reward) - theta  # rounded: an update is what is added
    added = change_
    return added, {"scale": scale, "abs_sum": abs_sum, "reward": reward, "negative_sum": negative_sum, "theta_start": theta_start}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 1.0, alpha: Any = 100.0, eps: Any = 1e-08, weight_decay: Any = 0.0
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay)
    return theta + added, after


def cocob_scaled(lr: Any | Schedule = 1.0, alpha: Any = 100.0, eps: Any = 1e-08, weight_decay: Any = 0.0) -> GradientTransformation:
    """COCOB on gradients, decayed weights added, that a rate multiplies, for optax."""
    refuse(outside, DOMAIN, lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay)
    return transformation(lambda x: init(x, eps=eps), change, lr=lr, alpha=alpha, eps=eps, weight_decay=weight_decay)
