# Generated from the formula by: refopt generate adabelief --to jax
# Fingerprint of the formula: dc0e1176585d139d39dc59ecf5d25c8f6e1b5a02069843494190c1268407a322
"""Adam that divides by how far the gradient is from what was expected.

    m     <- beta1*m + (1 - beta1)*g
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m_hat <- m / (1 - beta1^t)
    s_hat <- s / (1 - beta2^t)
    theta <- theta - lr * m_hat / (sqrt(s_hat) + eps)

Source: Zhuang et al. 2020, Algorithm 2; the epsilon that is added to s has a name of its own, arXiv:2010.07468.

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
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction1 = jnp.asarray(1 - power(beta1, t), theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        eps_root = jnp.asarray(eps_root, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    s = beta2 * s + one_minus_beta2 * jnp.square(g - m) + eps_root
    m_hat = m / bias_correction1  # t counts updates from 1
    s_hat = s / bias_correction2
    added = -(lr * m_hat / (jnp.sqrt(s_hat) + eps))
    return added, {"m": m, "s": s}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-16, eps_root: Any = 1e-16
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)
    return theta + added, after


def adabelief(
    lr: Any | Schedule = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-16, eps_root: Any = 1e-16
) -> GradientTransformation:
    """Adam that divides by how far the gradient is from what was expected, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, eps_root=eps_root)
