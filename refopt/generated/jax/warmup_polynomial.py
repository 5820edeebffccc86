# Generated from the formula by: refopt generate warmup+polynomial --to jax
# Fingerprint of the formula: 8c39bed034d4fd1e0f7ccaad21f6e4440fc915a1c66ff8e9b0ff5d0258a97144
"""A linear rise, then: a power of the share of the steps that is left, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min)*(1
            - min(k - warmup_steps, span) / span)^degree)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end; 0 <= lr_min
    span          steps from the first rate to the last; 1 <= span
    degree        power of what is left; 1 is a straight line; 0 < degree
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
    k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, span: Any = 100, degree: Any = 1.0, warmup_start: Any = 0.0, warmup_steps: Any = 10
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, degree, warmup_start = doubles(lr, lr_min, degree, warmup_start)
        span, warmup_steps = whole(span, warmup_steps)
        (k,) = whole(k)
        found = jnp.where(k < warmup_steps, lr * (warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) * jnp.power(1 - jnp.minimum(k - warmup_steps, span) / span, degree))
    return jnp.asarray(found, jnp.result_type(float))


def warmup_polynomial(
    lr: float = 0.1, lr_min: float = 0.0, span: int = 100, degree: float = 1.0, warmup_start: float = 0.0, warmup_steps: int = 10
) -> Schedule:
    """A linear rise, then: a power of the share of the steps that is left, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, span=span, degree=degree, warmup_start=warmup_start, warmup_steps=warmup_steps)
