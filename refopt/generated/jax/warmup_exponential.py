# Generated from the formula by: refopt generate warmup+exponential --to jax
# Fingerprint of the formula: 142fe13581fec2dc8781200bd87bf47d27b7d96bdb030a4ed642b6688c94b017
"""A linear rise, then: the rate falls by a factor at every step.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr*factor^(k -
            warmup_steps))

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    factor        what the rate is multiplied by at each step; 0 <= factor
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.95, warmup_start: Any = 0.0, warmup_steps: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor, warmup_start = doubles(lr, factor, warmup_start)
        (warmup_steps,) = whole(warmup_steps)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), lr * power(factor, k - warmup_steps))
    return jnp.asarray(found, jnp.result_type(float))


def warmup_exponential(lr: float = 0.1, factor: float = 0.95, warmup_start: float = 0.0, warmup_steps: int = 10) -> Schedule:
    """A linear rise, then: the rate falls by a factor at every step, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor, warmup_start=warmup_start, warmup_steps=warmup_steps)
