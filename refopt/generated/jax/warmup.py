# Generated from the formula by: refopt generate warmup --to jax
# Fingerprint of the formula: d5c1b4a3f4d07666b9a01768bbe340870b0ca4e1b855288e9c48b6f721a2a54b
"""A linear rise, then: the same rate at every step.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, warmup_start: Any = 0.0, warmup_steps: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, warmup_start = doubles(lr, warmup_start)
        (warmup_steps,) = whole(warmup_steps)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), lr)
    return jnp.asarray(found, jnp.result_type(float))


def warmup(lr: float = 0.1, warmup_start: float = 0.0, warmup_steps: int = 10) -> Schedule:
    """A linear rise, then: the same rate at every step, for optax."""
    return lambda k: rate(k, lr=lr, warmup_start=warmup_start, warmup_steps=warmup_steps)
