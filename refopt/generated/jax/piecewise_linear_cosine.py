# Generated from the formula by: refopt generate piecewise_linear/cosine --to jax
# Fingerprint of the formula: dc5efcd8003b763849d727fcb9ad44cb7894d6b8c13e2c6e7a37091b90510455
"""Half cosines from the first rate to a multiple of it, and from there to a multiple of that.

    lr_k <- lr*(1 + (scale_1 - 1) * ((1 - cos(pi * (min(k, length_1) / length_1))) / 2))*(1 + (scale_2 - 1) * ((1 -
            cos(pi * (max(min(k - length_1, length_2), 0) / length_2))) / 2))

Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
Differs from piecewise_linear: half cosines in place of straight lines.

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
        found = lr * (1 + (scale_1 - 1) * ((1 - jnp.cos(jnp.pi * (jnp.minimum(k, length_1) / length_1))) / 2)) * (1 + (scale_2 - 1) * ((1 - jnp.cos(jnp.pi * (jnp.maximum(jnp.minimum(k - length_1, length_2), 0) / length_2))) / 2))
    return jnp.asarray(found, jnp.result_type(float))


def piecewise_linear_cosine(
    lr: float = 0.1, length_1: int = 30, scale_1: float = 0.1, length_2: int = 50, scale_2: float = 0.01
) -> Schedule:
    """Half cosines from the first rate to a multiple of it, and from there to a multiple of that, for optax."""
    return lambda k: rate(k, lr=lr, length_1=length_1, scale_1=scale_1, length_2=length_2, scale_2=scale_2)
