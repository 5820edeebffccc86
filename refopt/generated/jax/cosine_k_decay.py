# Generated from the formula by: refopt generate cosine_k_decay --to jax
# Fingerprint of the formula: 6be69c876e70a6003bad4346c7925ae77bc500f3fdcaf68d62eafc0b20a6b24f
"""Half a cosine of a power of the share of the steps, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2

Source: Zhang & Li 2020, k-decay of the cosine: t^k/T^k in the place of t/T, arXiv:2004.05909.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, period: Any = 100, degree: Any = 1.5) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, degree = doubles(lr, lr_min, degree)
        (period,) = whole(period)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * (1 + jnp.cos(jnp.pi * jnp.power(jnp.minimum(k, period) / period, degree))) / 2
    return jnp.asarray(found, jnp.result_type(float))


def cosine_k_decay(lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 1.5) -> Schedule:
    """Half a cosine of a power of the share of the steps, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, period=period, degree=degree)
