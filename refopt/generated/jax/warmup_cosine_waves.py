# Generated from the formula by: refopt generate warmup+cosine_waves --to jax
# Fingerprint of the formula: 8050dbaaa7d5a8b5dcb59469779002826bc00170659a45cd2f7c76079f6671c6
"""A linear rise, then: a cosine down to the last rate and up again, so many times in the span, and on.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
            (1 + cos(2 * waves * pi * (k - warmup_steps) / span)) / 2)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    span          steps from the first rate to the last; 1 <= span
    waves         waves in the whole span, each down and up again; half of one only falls; 0 < waves
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
    k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, span: Any = 100, waves: Any = 1.0, warmup_start: Any = 0.0, warmup_steps: Any = 10
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, waves, warmup_start = doubles(lr, lr_min, waves, warmup_start)
        span, warmup_steps = whole(span, warmup_steps)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) * (1 + jnp.cos(2 * waves * jnp.pi * (k - warmup_steps) / span)) / 2)
    return jnp.asarray(found, jnp.result_type(float))


def warmup_cosine_waves(
    lr: float = 0.1, lr_min: float = 0.0, span: int = 100, waves: float = 1.0, warmup_start: float = 0.0, warmup_steps: int = 10
) -> Schedule:
    """A linear rise, then: a cosine down to the last rate and up again, so many times in the span, and on, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, span=span, waves=waves, warmup_start=warmup_start, warmup_steps=warmup_steps)
