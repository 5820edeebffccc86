# Generated from the formula by: refopt generate radam/eps_on_v_hat --to jax
# Fingerprint of the formula: 704881983699dea20b3e0f37dc011feaf50a1a68d3c7cc670506a23ddd5506fc
"""RAdam with epsilon added after the bias correction.

    m       <- beta1*m + (1 - beta1)*g
    v       <- beta2*v + (1 - beta2)*g^2
    rho_inf <- 2 / (1 - beta2) - 1
    rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
    r       <- where(rho_t >= 5, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
    m_hat   <- m / (1 - beta1^t)
    v_hat   <- v / (1 - beta2^t)
    theta   <- theta - lr*where(rho_t >= 5, r * m_hat / (sqrt(v_hat) + eps), m_hat)

Source: Liu et al. 2020, Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v_hat, arXiv:1908.03265.
Differs from radam: eps after the bias correction.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}


def outside(lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps = doubles(lr, beta1, beta2, eps)
        (t,) = whole(t)
        rho_inf = 2 / (1 - beta2) - 1
        rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t))
        r = jnp.where(rho_t >= 5, jnp.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)), 1)
        condition = rho_t >= 5
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction1 = jnp.asarray(1 - power(beta1, t), theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        r = jnp.asarray(r, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    m_hat = m / bias_correction1  # t counts updates from 1
    v_hat = v / bias_correction2
    added = -(lr * jnp.where(condition, r * m_hat / (jnp.sqrt(v_hat) + eps), m_hat))
    return added, {"m": m, "v": v}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return theta + added, after


def radam_eps_on_v_hat(lr: Any | Schedule = 0.001, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08) -> GradientTransformation:
    """RAdam with epsilon added after the bias correction, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
