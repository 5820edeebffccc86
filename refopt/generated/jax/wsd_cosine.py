# Generated from the formula by: refopt generate wsd/cosine --to jax
# Fingerprint of the formula: b788c4b9b309f6e4aee8e7ee5e46fd5900d2047451ac185b459bf8855dc29887
"""A linear rise, a constant rate, then half a cosine down to the last one.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k < warmup_steps +
            stable_steps, lr, lr_min + (lr - lr_min) * ((1 + cos(pi * (min(k - warmup_steps - stable_steps, span) /
            span))) / 2)))

Source: Haegele et al. 2024, section 3, cooldown: linear, and 1 - sqrt, arXiv:2405.18392.
Source: Hu et al. 2024, section 4.2, the WSD scheduler, arXiv:2404.06395.
Differs from wsd: falls as half a cosine.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps
    stable_steps  steps at the whole rate; 1 <= stable_steps
    span          steps of the fall; 1 <= span

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(
    k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, warmup_start: Any = 0.0, warmup_steps: Any = 10, stable_steps: Any = 10, span: Any = 10
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, warmup_start = doubles(lr, lr_min, warmup_start)
        warmup_steps, stable_steps, span = whole(warmup_steps, stable_steps, span)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), jnp.where(k < warmup_steps + stable_steps, lr, lr_min + (lr - lr_min) * ((1 + jnp.cos(jnp.pi * (jnp.minimum(k - warmup_steps - stable_steps, span) / span))) / 2)))
    return jnp.asarray(found, jnp.result_type(float))


def wsd_cosine(
    lr: float = 0.1, lr_min: float = 0.0, warmup_start: float = 0.0, warmup_steps: int = 10, stable_steps: int = 10, span: int = 10
) -> Schedule:
    """A linear rise, a constant rate, then half a cosine down to the last one, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, warmup_start=warmup_start, warmup_steps=warmup_steps, stable_steps=stable_steps, span=span)
