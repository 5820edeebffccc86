# Generated from the formula by: refopt generate yogi --to jax
# Fingerprint of the formula: 2e6b8d4e00bb167298c8102aa06b30df04b7f978b94d4d503efa4759b26dcb40
"""Adam whose second moment changes by the size of the squared gradient only.

    m     <- beta1*m + (1 - beta1)*g
    v     <- v - (1 - beta2)*sign(v - g^2)*g^2
    theta <- theta - lr * m / (sqrt(v) + eps)

Source: Zaheer et al. 2018, Algorithm 2, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps
    v0     what the second moment starts from; 0 <= v0

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "v0": "0 <= v0"}


def outside(lr: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, eps: float = 0.001, v0: float = 1e-06) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (v0 >= 0):
        return "v0"
    return None


def init(theta: Any, *, v0: Any = 1e-06) -> dict[str, Any]:
    """The state before the first update."""
    with jax.enable_x64(True):
        (v0,) = doubles(v0)
        v0_0 = jnp.asarray(v0, theta.dtype)
    return {"m": jnp.zeros_like(theta), "v": jnp.full_like(theta, v0_0)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 0.001, v0: Any = 1e-06
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, v0 = doubles(lr, beta1, beta2, eps, v0)
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    v = v - one_minus_beta2 * jnp.sign(v - jnp.square(g)) * jnp.square(g)
    added = -(lr * m / (jnp.sqrt(v) + eps))
    return added, {"m": m, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 0.001, v0: Any = 1e-06
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, v0=v0)
    return theta + added, after


def yogi(lr: Any | Schedule = 0.01, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 0.001, v0: Any = 1e-06) -> GradientTransformation:
    """Adam whose second moment changes by the size of the squared gradient only, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, v0=v0)
    return transformation(lambda x: init(x, v0=v0), change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, v0=v0)
