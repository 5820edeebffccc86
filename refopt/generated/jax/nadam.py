# Generated from the formula by: refopt generate nadam --to jax
# Fingerprint of the formula: bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250
"""Adam with Nesterov momentum of a growing share.

    mu         <- beta1*(1 - 0.5*0.96^(t*momentum_decay))
    mu_next    <- beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay))
    mu_product <- mu_product*mu
    m          <- beta1*m + (1 - beta1)*g
    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    theta      <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat)
            + eps)

Source: Dozat 2016, Algorithm 2, with a schedule of momenta, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.

Hyperparameters:
    lr              step size; 0 <= lr
    beta1           decay of the first moment; 0 <= beta1 < 1
    beta2           decay of the second moment; 0 <= beta2 < 1
    eps             keeps the division finite; 0 <= eps
    momentum_decay  how soon the momentum grows to beta1; 0 <= momentum_decay

Functions without side effects that may be jitted, vmapped and scanned. Scalars are formed in binary64, whatever
jax_enable_x64 says, and rounded once to the array's dtype. `update` needs the parameters. Numbers outside their domains
are refused; what is traced is not looked at. Compiled for the CPU, XLA may contract a product and a sum to one
rounding.
A state of one value is kept in JAX's default float or integer, which saving and loading keep.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import GradientTransformation, Schedule, doubles, power, refuse, transformation, whole

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "momentum_decay": "0 <= momentum_decay"}


def outside(lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, momentum_decay: float = 0.004) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (momentum_decay >= 0):
        return "momentum_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    kept_as = jnp.result_type(float)
    with jax.enable_x64(True):
        return {"m": jnp.zeros_like(theta), "v": jnp.zeros_like(theta), "mu_product": jnp.asarray(1, kept_as)}


def change(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.002, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, momentum_decay: Any = 0.004
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    m, v, mu_product = state["m"], state["v"], state["mu_product"]
    with jax.enable_x64(True):
        lr, beta1, beta2, eps, momentum_decay = doubles(lr, beta1, beta2, eps, momentum_decay)
        (t,) = whole(t)
        mu_product, = doubles(mu_product)
        mu = beta1 * (1 - 0.5 * jnp.power(0.96, t * momentum_decay))
        mu_next = beta1 * (1 - 0.5 * jnp.power(0.96, (t + 1) * momentum_decay))
        mu_product = mu_product * mu
        after = {"mu_product": jnp.asarray(mu_product, jnp.result_type(state["mu_product"]))}
        one_minus_beta1 = jnp.asarray(1 - beta1, theta.dtype)
        one_minus_beta2 = jnp.asarray(1 - beta2, theta.dtype)
        bias_correction2 = jnp.asarray(1 - power(beta2, t), theta.dtype)
        coefficient_of_mu_and_mu_product = jnp.asarray((1 - mu) / (1 - mu_product), theta.dtype)
        coefficient_of_mu_next_and_mu_product = jnp.asarray(mu_next / (1 - mu_product * mu_next), theta.dtype)
        beta1 = jnp.asarray(beta1, theta.dtype)
        beta2 = jnp.asarray(beta2, theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
        eps = jnp.asarray(eps, theta.dtype)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * jnp.square(g)
    v_hat = v / bias_correction2
    added = -(lr * (coefficient_of_mu_and_mu_product * g + coefficient_of_mu_next_and_mu_product * m) / (jnp.sqrt(v_hat) + eps))
    return added, {"m": m, "v": v, **after}


def step(
    theta: Any, g: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.002, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, momentum_decay: Any = 0.004
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, state, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps, momentum_decay=momentum_decay)
    return theta + added, after


def nadam(
    lr: Any | Schedule = 0.002, beta1: Any = 0.9, beta2: Any = 0.999, eps: Any = 1e-08, momentum_decay: Any = 0.004
) -> GradientTransformation:
    """Adam with Nesterov momentum of a growing share, for optax."""
    refuse(outside, DOMAIN, lr=lr, beta1=beta1, beta2=beta2, eps=eps, momentum_decay=momentum_decay)
    return transformation(init, change, lr=lr, beta1=beta1, beta2=beta2, eps=eps, momentum_decay=momentum_decay)
