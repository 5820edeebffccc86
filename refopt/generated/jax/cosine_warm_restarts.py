# Generated from the formula by: refopt generate cosine_warm_restarts --to jax
# Fingerprint of the formula: 3eae8f448a3ef48f96c631573bde12e6ff0c1180f7682070f870320f846203bf
"""Half a cosine from the first rate down to the last, again and again.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * ((k - period*floor(k / period)) / period))) / 2

Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_mult = 1, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from one restart to the next; 1 <= period

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, period: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min = doubles(lr, lr_min)
        (period,) = whole(period)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * (1 + jnp.cos(jnp.pi * ((k - period * (k // period)) / period))) / 2
    return jnp.asarray(found, jnp.result_type(float))


def cosine_warm_restarts(lr: float = 0.1, lr_min: float = 0.0, period: int = 10) -> Schedule:
    """Half a cosine from the first rate down to the last, again and again, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, period=period)
