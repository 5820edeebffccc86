# Generated from the formula by: refopt generate cocob/bet --to jax
# Fingerprint of the formula: bca14f4571f62d20f9291d084c73f705a11d154a8c5171002205328e473f535b
"""COCOB that keeps its bet, and not where it started.

    scale        <- max(scale, abs(g))
    abs_sum      <- abs_sum + abs(g)
    reward       <- max(reward - g*bet, 0)
    negative_sum <- negative_sum - g
    unmoved      <- theta - bet
    bet          <- negative_sum / (scale*max(abs_sum + scale, alpha*scale)) * (scale + reward)
    theta        <- unmoved + bet

Source: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795.
Differs from cocob: theta changes by the difference of two bets.

Hyperparameters:
    alpha  about how many updates the bets are held small; 0 <= alpha
    eps    keeps the division finite; 0 <= eps

Functions without side effects that may be jitted, vmapped and scanned. Scalars are formed in binary64, whatever
jax_enable_x64 says, and rounded once to the array's dtype. `update` needs the parameters. Numbers outside their domains
are refused; what is traced is not looked at. Compiled for the CPU, XLA may contract a product and a sum to one
rounding.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import GradientTransformation, doubles, refuse, transformation

DOMAIN = {"alpha": "0 <= alpha", "eps": "0 <= eps"}


def outside(alpha: float = 100.0, eps: float = 1e-08) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Any, *, eps: Any = 1e-08) -> dict[str, Any]:
    """The state before the first update."""
    with jax.enable_x64(True):
        (eps,) = doubles(eps)
        eps_0 = jnp.asarray(eps, theta.dtype)
    return {"scale": jnp.full_like(theta, eps_0), "abs_sum": jnp.zeros_like(theta), "reward": jnp.zeros_like(theta), "negative_sum": jnp.zeros_like(theta), "bet": jnp.zeros_like(theta)}


def change(theta: Any, g: Any, state: dict[str, Any], t: Any, *, alpha: Any = 100.0, eps: Any = 1e-08) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    scale, abs_sum, reward, negative_sum, bet = state["scale"], state["abs_sum"], state["reward"], state["negative_sum"], state["bet"]
    with jax.enable_x64(True):
        alpha, eps = doubles(alpha, eps)
        zero = jnp.asarray(0, theta.dtype)
        alpha = jnp.asarray(alpha, theta.dtype)
    scale = jnp.maximum(scale, jnp.abs(g))
    abs_sum = abs_sum + jnp.abs(g)
    reward = jnp.maximum(reward - g * bet, zero)
    negative_sum = negative_sum - g
    unmoved = theta - bet  # where theta started, as it was rounded since
    bet = negative_sum / (scale * jnp.maximum(abs_sum + scale, alpha * scale)) * (scale + reward)
    moved = unmoved + bet
    added = moved - theta
    return added, {"scale": scale, "abs_sum": abs_sum, "reward": reward, "negative_sum": negative_sum, "bet": bet}


def step(theta: Any, g: Any, state: dict[str, Any], t: Any, *, alpha: Any = 100.0, eps: Any = 1e-08) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, alpha=alpha, eps=eps)
    return theta + added, after


def cocob_bet(alpha: Any = 100.0, eps: Any = 1e-08) -> GradientTransformation:
    """COCOB that keeps its bet, and not where it started, for optax."""
    refuse(outside, DOMAIN, alpha=alpha, eps=eps)
    return transformation(lambda x: init(x, eps=eps), change, alpha=alpha, eps=eps)
