# Generated from the formula by: refopt generate rmsprop/corrected --to jax
# Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
"""RMSProp with bias correction.

    v     <- rho*v + (1 - rho)*g^2
    v_hat <- v / (1 - rho^t)
    theta <- theta - lr * g / (sqrt(v_hat) + eps)

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: the mean square is corrected for its start at 0.

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

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, power, refuse, transformation, whole

DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps"}


def outside(lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08) -> str | None:
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
    return {"v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, rho: Any = 0.9, eps: Any = 1e-08
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    v = state["v"]
    with jax.enable_x64(True):
        lr, rho, eps = doubles(lr, rho, eps)
        (t,) = whole(t)
        one_minus_rho = jnp.asarray(1 - rho, theta.dtype)
        bias_correction_rho = jnp.asarray(1 - power(rho, t), theta.dtype)
        rho = jnp.asarray(rho, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    v = rho * v + one_minus_rho * jnp.square(g)
    v_hat = v / bias_correction_rho
    added = -(lr * g / (jnp.sqrt(v_hat) + eps))
    return added, {"v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, rho: Any = 0.9, eps: Any = 1e-08
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, rho=rho, eps=eps)
    return theta + added, after


def rmsprop_corrected(lr: Any | Schedule = 0.001, rho: Any = 0.9, eps: Any = 1e-08) -> GradientTransformation:
    """RMSProp with bias correction, for optax."""
    refuse(outside, DOMAIN, lr=lr, rho=rho, eps=eps)
    return transformation(init, change, lr=lr, rho=rho, eps=eps)
