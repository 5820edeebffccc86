# Generated from the formula by: refopt generate noisy_sgd --to jax
# Fingerprint of the formula: 4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff
"""A step against the gradient with noise that fades.

    theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)

Source: Neelakantan et al. 2015, section 2, the variance eta/(1 + t)^gamma, t from 0, arXiv:1511.06807.

Hyperparameters:
    lr              step size; 0 <= lr
    noise_variance  variance of the first noise; 0 <= noise_variance
    noise_decay     how fast the variance falls; 0 <= noise_decay

Given beside the gradient:
    noise  noise: drawn anew at each update, of variance 1

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

DOMAIN = {"lr": "0 <= lr", "noise_variance": "0 <= noise_variance", "noise_decay": "0 <= noise_decay"}


def outside(lr: float = 0.01, noise_variance: float = 0.01, noise_decay: float = 0.55) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (noise_variance >= 0):
        return "noise_variance"
    if not (noise_decay >= 0):
        return "noise_decay"
    return None


def init(theta: Any) -> dict[str, Any]:
    """The state before the first update."""
    return {}


def change(
    theta: Any, g: Any, noise: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, noise_variance: Any = 0.01, noise_decay: Any = 0.55
) -> tuple[Any, dict[str, Any]]:
    """What update t = 1, 2, ... adds to theta, and the state after it; g is the gradient at theta."""
    with jax.enable_x64(True):
        lr, noise_variance, noise_decay = doubles(lr, noise_variance, noise_decay)
        (t,) = whole(t)
        root_of_coefficient_of_noise_variance_and_t_and_noise_decay = jnp.asarray(jnp.sqrt(noise_variance / jnp.power(t, noise_decay)), theta.dtype)
        lr = jnp.asarray(lr, theta.dtype)
    added = -(lr * (g + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise))
    return added, {}


def step(
    theta: Any, g: Any, noise: Any, state: dict[str, Any], t: Any, *, lr: Any = 0.01, noise_variance: Any = 0.01, noise_decay: Any = 0.55
) -> tuple[Any, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ..."""
    added, after = change(theta, g, noise, state, t, lr=lr, noise_variance=noise_variance, noise_decay=noise_decay)
    return theta + added, after


def noisy_sgd(lr: Any | Schedule = 0.01, noise_variance: Any = 0.01, noise_decay: Any = 0.55) -> GradientTransformation:
    """A step against the gradient with noise that fades, for optax."""
    refuse(outside, DOMAIN, lr=lr, noise_variance=noise_variance, noise_decay=noise_decay)
    return transformation(init, change, ("noise",), lr=lr, noise_variance=noise_variance, noise_decay=noise_decay)
