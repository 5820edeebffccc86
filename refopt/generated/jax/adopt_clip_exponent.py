# Generated from the formula by: refopt generate adopt/clip_exponent --to jax
# Fingerprint of the formula: be9ed8fa281dc606946dbacdac470a377508ec6d377a9166cfcab6e6bf032298
"""ADOPT with any power of the step as its limit.

    c     <- (t - 1)^clip_exponent
    m     <- where(t > 1, beta1*m + (1 - beta1)*max(-c, min(c, g / max(sqrt(v), eps))), m)
    v     <- where(t > 1, beta2*v + (1 - beta2)*g^2, g^2)
    theta <- theta - lr*m

Source: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853.
Differs from adopt: the limit is a power of t - 1 that is given.

Hyperparameters:
    lr             step size; 0 <= lr
    beta1          decay of the first moment; 0 <= beta1 < 1
    beta2          decay of the second moment; 0 <= beta2 < 1
    eps            keeps the division finite; 0 <= eps
    clip_exponent  how fast the limit grows; 0 < clip_exponent

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "clip_exponent": "0 < clip_exponent"}


def outside(lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.9999, eps: float = 1e-06, clip_exponent: float = 0.333) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (clip_exponent > 0):
        return "clip_exponent"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.9999, eps: Any = 1e-06, clip_exponent: Any = 0.333
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, clip_exponent = doubles(lr, beta1, beta2, eps, clip_exponent)
        (t,) = whole(t)
        c = jnp.power(t - 1, clip_exponent)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        coefficient_of_c = jnp.asarray(-c, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        c = jnp.asarray(c, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    m = jnp.where(t > 1, beta1 * m + one_minus_beta1 * jnp.maximum(coefficient_of_c, jnp.minimum(c, g / jnp.maximum(jnp.sqrt(v), eps))), m)  # v of the update before
    v = jnp.where(t > 1, beta2 * v + one_minus_beta2 * jnp.square(g), jnp.square(g))  # all that the first update does
    added = -(lr * m)
    return added, {"m": m, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.9999, eps: Any = 1e-06, clip_exponent: Any = 0.333
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, clip_exponent=clip_exponent)
    return theta + added, after


def adopt_clip_exponent(
    lr: Any | Schedule = 0.001, beta1: Any = 0.9, beta2: Any = 0.9999, eps: Any = 1e-06, clip_exponent: Any = 0.333
) -> GradientTransformation:
    """ADOPT with any power of the step as its limit, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, clip_exponent=clip_exponent)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, clip_exponent=clip_exponent)
