# Generated from the formula by: refopt generate cosine_power --to jax
# Fingerprint of the formula: b98c09241e000c88210789a91d6a9679aa3abfb188cca839985b46888ca583cb
"""A power of half a cosine from the first rate down to the last, then constant.

    lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)

Source: DeepMind et al. 2020, optax.cosine_decay_schedule: the exponent p, github.com/google-deepmind/optax.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power that the curve is raised to; 1 is cosine_annealing; 0 < degree

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, period: Any = 100, degree: Any = 2.0) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, degree = doubles(lr, lr_min, degree)
        (period,) = whole(period)
        (k,) = whole(k)
        found = jnp.where(k < period, lr_min + (lr - lr_min) * jnp.power((1 + jnp.cos(jnp.pi * k / period)) / 2, degree), lr_min)
    return jnp.asarray(found, jnp.result_type(float))


def cosine_power(lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 2.0) -> Schedule:
    """A power of half a cosine from the first rate down to the last, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, period=period, degree=degree)
