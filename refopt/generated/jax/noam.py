# Generated from the formula by: refopt generate noam --to jax
# Fingerprint of the formula: f15b4838180a736512fda5e7077b927baa8f82a4944d2668ccff6ed7e6c0acab
"""A linear rise, then one over the root of the step.

    lr_k <- lr / sqrt(model_size) * min(1 / sqrt(k + 1), (k + 1) / (warmup_steps*sqrt(warmup_steps)))

Source: Vaswani et al. 2017, equation (3); step_num counts from 1, arXiv:1706.03762.

Hyperparameters:
    lr            factor of the whole; 1 in the paper; 0 <= lr
    model_size    width of the model; 1 <= model_size
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 1.0, model_size: Any = 512, warmup_steps: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        (lr,) = doubles(lr)
        model_size, warmup_steps = whole(model_size, warmup_steps)
        (k,) = whole(k)
        found = lr / jnp.sqrt(model_size) * jnp.minimum(1 / jnp.sqrt(k + 1), (k + 1) / (warmup_steps * jnp.sqrt(warmup_steps)))
    return jnp.asarray(found, jnp.result_type(float))


def noam(lr: float = 1.0, model_size: int = 512, warmup_steps: int = 10) -> Schedule:
    """A linear rise, then one over the root of the step, for optax."""
    return lambda k: rate(k, lr=lr, model_size=model_size, warmup_steps=warmup_steps)
