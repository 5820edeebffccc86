# Generated from the formula by: refopt generate warmup+cosine_annealing/power --to jax
# Fingerprint of the formula: eab09e1655f775c3d578edae7b187706f357e9355f13413dd4777ef019dd1650
"""A linear rise, then: a power of half a cosine, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
            period, lr_min + (lr - lr_min)*((1 + cos(pi * (k - warmup_steps) / period)) / 2)^degree, lr_min))

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
Differs from warmup+cosine_annealing: the cosine's share is raised to a power.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    period        steps from the first rate to the last; 1 <= period
    degree        power that the curve is raised to; 0 < degree
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
    k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, period: Any = 100, degree: Any = 1.0, warmup_start: Any = 0.0, warmup_steps: Any = 10
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, degree, warmup_start = doubles(lr, lr_min, degree, warmup_start)
        period, warmup_steps = whole(period, warmup_steps)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), jnp.where(k - warmup_steps < period, lr_min + (lr - lr_min) * jnp.power((1 + jnp.cos(jnp.pi * (k - warmup_steps) / period)) / 2, degree), lr_min))
    return jnp.asarray(found, jnp.result_type(float))


def warmup_cosine_annealing_power(
    lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 1.0, warmup_start: float = 0.0, warmup_steps: int = 10
) -> Schedule:
    """A linear rise, then: a power of half a cosine, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, period=period, degree=degree, warmup_start=warmup_start, warmup_steps=warmup_steps)
