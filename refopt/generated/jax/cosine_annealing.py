# Generated from the formula by: refopt generate cosine_annealing --to jax
# Fingerprint of the formula: c17ecfa1c52325effa00074a8f2683bc4623f40347d126fb50fa7067a524779e
"""Half a cosine from the first rate down to the last, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * min(k, period) / period)) / 2

Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, period: Any = 100) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min = doubles(lr, lr_min)
        (period,) = whole(period)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * (1 + jnp.cos(jnp.pi * jnp.minimum(k, period) / period)) / 2
    return jnp.asarray(found, jnp.result_type(float))


def cosine_annealing(lr: float = 0.1, lr_min: float = 0.0, period: int = 100) -> Schedule:
    """Half a cosine from the first rate down to the last, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, period=period)
