# Generated from the formula by: refopt generate rmsprop/momentum --to jax
# Fingerprint of the formula: 76129711470ed81eefdeef3926f8116588a0b76f3de4f7e3df8af09563268353
"""RMSProp with momentum, the rate outside the velocity.

    v     <- rho*v + (1 - rho)*g^2
    b     <- momentum*b + g / (sqrt(v) + eps)
    theta <- theta - lr*b

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: a velocity of the normalized gradients.

Hyperparameters:
    lr        step size; 0 <= lr
    rho       decay of the mean square; 0 <= rho < 1
    eps       keeps the division finite; 0 <= eps
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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

DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps", "momentum": "0 <= momentum < 1"}


def outside(lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08, momentum: float = 0.9) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (rho >= 0 and rho < 1):
        return "rho"
    if not (eps >= 0):
        return "eps"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"v": jnp.zeros_like(theta), "b": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, rho: Any = 0.9, eps: Any = 1e-08, momentum: Any = 0.9
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    v, b = state["v"], state["b"]
    with jax.enable_x64(True):
        lr, rho, eps, momentum = doubles(lr, rho, eps, momentum)
        one_minus_rho = jnp.asarray(1 - rho, theta.dtype)
        rho = jnp.asarray(rho, theta.dtype)
        momentum = jnp.asarray(momentum, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    v = rho * v + one_minus_rho * jnp.square(g)
    b = momentum * b + g / (jnp.sqrt(v) + eps)
    added = -(lr * b)
    return added, {"v": v, "b": b}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, rho: Any = 0.9, eps: Any = 1e-08, momentum: Any = 0.9
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, rho=rho, eps=eps, momentum=momentum)
    return theta + added, after


def rmsprop_momentum(lr: Any | Schedule = 0.001, rho: Any = 0.9, eps: Any = 1e-08, momentum: Any = 0.9) -> GradientTransformation:
    """RMSProp with momentum, the rate outside the velocity, for optax."""
    refuse(outside, DOMAIN, lr=lr, rho=rho, eps=eps, momentum=momentum)
    return transformation(init, change, lr=lr, rho=rho, eps=eps, momentum=momentum)
