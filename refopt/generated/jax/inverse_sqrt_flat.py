# Generated from the formula by: refopt generate inverse_sqrt/flat --to jax
# Fingerprint of the formula: b438d3a4e8daa13ce7e4a90eccf76f007695ec660eebbc47cb49e3f71b6c08ad
"""A constant rate, then one over the root of the step.

    lr_k <- lr*sqrt(warmup_steps / max(k, warmup_steps))

Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
Differs from inverse_sqrt: holds the first rate in place of a rise; the fall counts from 0.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, warmup_steps: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        (lr,) = doubles(lr)
        (warmup_steps,) = whole(warmup_steps)
        (k,) = whole(k)
        found = lr * jnp.sqrt(warmup_steps / jnp.maximum(k, warmup_steps))
    return jnp.asarray(found, jnp.result_type(float))


def inverse_sqrt_flat(lr: float = 0.1, warmup_steps: int = 10) -> Schedule:
    """A constant rate, then one over the root of the step, for optax."""
    return lambda k: rate(k, lr=lr, warmup_steps=warmup_steps)
