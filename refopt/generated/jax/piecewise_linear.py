# Generated from the formula by: refopt generate piecewise_linear --to jax
# Fingerprint of the formula: c1675a9f4b4ac18c9eda9f81f471ccd6b2352f32f1a33a18158f0a7f6a6cddb3
"""Straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant.

    lr_k <- lr*(1 + (scale_1 - 1) * (min(k, length_1) / length_1))*(1 + (scale_2 - 1) * (max(min(k - length_1,
            length_2), 0) / length_2))

Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.

Hyperparameters:
    lr        learning rate at the start; 0 <= lr
    length_1  steps of the first line; 1 <= length_1
    scale_1   the rate after the first line over the first rate; 0 <= scale_1
    length_2  steps of the second line; 1 <= length_2
    scale_2   the last rate over the one after the first line; 0 <= scale_2

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, length_1: Any = 30, scale_1: Any = 0.1, length_2: Any = 50, scale_2: Any = 0.01) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, scale_1, scale_2 = doubles(lr, scale_1, scale_2)
        length_1, length_2 = whole(length_1, length_2)
        (k,) = whole(k)
        found = lr * (1 + (scale_1 - 1) * (jnp.minimum(k, length_1) / length_1)) * (1 + (scale_2 - 1) * (jnp.maximum(jnp.minimum(k - length_1, length_2), 0) / length_2))
    return jnp.asarray(found, jnp.result_type(float))


def piecewise_linear(lr: float = 0.1, length_1: int = 30, scale_1: float = 0.1, length_2: int = 50, scale_2: float = 0.01) -> Schedule:
    """Straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant, for optax."""
    return lambda k: rate(k, lr=lr, length_1=length_1, scale_1=scale_1, length_2=length_2, scale_2=scale_2)
