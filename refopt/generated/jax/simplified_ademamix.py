# Generated from the formula by: refopt generate simplified_ademamix --to jax
# Fingerprint of the formula: 9c71f4da5d2375f43860c87a8c063d841506fcdd3aaa28409297f85936369a28
"""Adam with a fading sum of the gradients and the last one beside it.

    m     <- beta1*m + g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr * (m + alpha*g) / (sqrt(v_hat) + eps)

Source: Morwani et al. 2025, Simplified AdEMAMix, arXiv:2502.02431.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the sum of the gradients; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    alpha  weight of the gradient itself; 0 <= alpha
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

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, power, refuse, transformation, whole

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "alpha": "0 <= alpha", "eps": "0 <= eps"}


def outside(lr: float = 0.001, beta1: float = 0.99, beta2: float = 0.95, alpha: float = 0.0, eps: float = 1e-08) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (alpha >= 0):
        return "alpha"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.99, beta2: Any = 0.95, alpha: Any = 0.0, eps: Any = 1e-08
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, alpha, eps = doubles(lr, beta1, beta2, alpha, eps)
        (t,) = whole(t)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        alpha = jnp.asarray(alpha, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    m = beta1 * m + g
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    v_hat = v / bias_correction2
    added = -(lr * (m + alpha * g) / (jnp.sqrt(v_hat) + eps))
    return added, {"m": m, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.99, beta2: Any = 0.95, alpha: Any = 0.0, eps: Any = 1e-08
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, alpha=alpha, eps=eps)
    return theta + added, after


def simplified_ademamix(
    lr: Any | Schedule = 0.001, beta1: Any = 0.99, beta2: Any = 0.95, alpha: Any = 0.0, eps: Any = 1e-08
) -> GradientTransformation:
    """Adam with a fading sum of the gradients and the last one beside it, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, alpha=alpha, eps=eps)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, alpha=alpha, eps=eps)
