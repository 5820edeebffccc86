# Generated from the formula by: refopt generate warmup+hard_restarts --to jax
# Fingerprint of the formula: f3ab3db4a5238c3052849eb65621a4fdb711c678440770f64d10fc8bedf4d142
"""A linear rise, then: cosines of equal length from the first rate down to the last, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
            span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*(k - warmup_steps) - span*floor(cycles * (k -
            warmup_steps) / span)) / span))) / 2, lr_min))

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    span          steps from the first rate to the last; 1 <= span
    cycles        cosines in the whole span; 1 <= cycles
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(
    k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, span: Any = 100, cycles: Any = 2, warmup_start: Any = 0.0, warmup_steps: Any = 10
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, warmup_start = doubles(lr, lr_min, warmup_start)
        span, cycles, warmup_steps = whole(span, cycles, warmup_steps)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), jnp.where(k - warmup_steps < span, lr_min + (lr - lr_min) * (1 + jnp.cos(jnp.pi * ((cycles * (k - warmup_steps) - span * (cycles * (k - warmup_steps) // span)) / span))) / 2, lr_min))
    return jnp.asarray(found, jnp.result_type(float))


def warmup_hard_restarts(
    lr: float = 0.1, lr_min: float = 0.0, span: int = 100, cycles: int = 2, warmup_start: float = 0.0, warmup_steps: int = 10
) -> Schedule:
    """A linear rise, then: cosines of equal length from the first rate down to the last, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, span=span, cycles=cycles, warmup_start=warmup_start, warmup_steps=warmup_steps)
