# Generated from the formula by: refopt generate inverse_sqrt --to jax
# Fingerprint of the formula: 9a9a47988bdb8e8098967054ad7b647f26121a2d700fca230f14670493b9913e
"""A linear rise from 0, then one over the root of the step.

    lr_k <- where(k < warmup_steps, lr * k / warmup_steps, lr*sqrt(timescale / (k + timescale - warmup_steps)))

Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    warmup_steps  steps of the rise; 1 <= warmup_steps
    timescale     steps after the rise in which the rate falls by the root of 2; 1 <= timescale

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, warmup_steps: Any = 10, timescale: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        (lr,) = doubles(lr)
        warmup_steps, timescale = whole(warmup_steps, timescale)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * k / warmup_steps, lr * jnp.sqrt(timescale / (k + timescale - warmup_steps)))
    return jnp.asarray(found, jnp.result_type(float))


def inverse_sqrt(lr: float = 0.1, warmup_steps: int = 10, timescale: int = 10) -> Schedule:
    """A linear rise from 0, then one over the root of the step, for optax."""
    return lambda k: rate(k, lr=lr, warmup_steps=warmup_steps, timescale=timescale)
