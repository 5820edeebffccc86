# Generated from the formula by: refopt generate acprop --to jax
# Fingerprint of the formula: 3ec05370738415d5cb8a858b10d98785f2014bccd9c6bdce7836e06225c7d69a
"""The gradient over its deviation up to the update before.

    theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
    m     <- beta1*m + (1 - beta1)*g
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root

Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.

Hyperparameters:
    lr        step size; 0 <= lr
    beta1     decay of the first moment; 0 <= beta1 < 1
    beta2     decay of the second moment; 0 <= beta2 < 1
    eps       keeps the division finite; 0 <= eps
    eps_root  added to s at every update; 0 <= eps_root

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "eps_root": "0 <= eps_root"}


def outside(lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (eps_root >= 0):
        return "eps_root"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "s": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-16, eps_root: Any = 1e-16
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, s = state["m"], state["s"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, eps_root = doubles(lr, beta1, beta2, eps, eps_root)
        (t,) = whole(t)
        complement = jnp.asarray(1 - power(beta2, t - 1), theta.dtype)
        coefficient_of_eps = jnp.asarray(1 + eps, theta.dtype)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        eps_root = jnp.asarray(eps_root, theta.dtype)
    added = -(lr * jnp.where(t > 1, g / (jnp.sqrt(s / complement) + eps), g / coefficient_of_eps))  # nothing is known before the first gradient
    m = beta1 * m + one_minus_beta1 * g
    s = beta2 * s + one_minus_beta2 * jnp.square(g - m) + eps_root
    return added, {"m": m, "s": s}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-16, eps_root: Any = 1e-16
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)
    return theta + added, after


def acprop(
    lr: Any | Schedule = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-16, eps_root: Any = 1e-16
) -> GradientTransformation:
    """The gradient over its deviation up to the update before, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)
