# Generated from the formula by: refopt generate cosine_warm_restarts/growing --to jax
# Fingerprint of the formula: 5d3edddc57e3b844bd5f87fe183b80ab76401464258ed880f0315691f206a852
"""Half a cosine from the first rate down to the last, each longer than the one before.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 +
            floor((period_mult - 1) * k / period), period_mult) - 1) / (period_mult - 1)))) / 2

Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
Differs from cosine_warm_restarts: each cosine is longer than the one before by a factor.

Hyperparameters:
    lr           learning rate at the start; 0 <= lr
    lr_min       learning rate at the end of the period; 0 <= lr_min
    period       steps before the first restart; 1 <= period
    period_mult  how many times as long each cosine is as the one before; 2 <= period_mult

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, ilog, power, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, period: Any = 10, period_mult: Any = 2) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min = doubles(lr, lr_min)
        period, period_mult = whole(period, period_mult)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * (1 + jnp.cos(jnp.pi * (((1 + (period_mult - 1) * k / period) / power(period_mult, ilog(1 + (period_mult - 1) * k // period, period_mult)) - 1) / (period_mult - 1)))) / 2
    return jnp.asarray(found, jnp.result_type(float))


def cosine_warm_restarts_growing(lr: float = 0.1, lr_min: float = 0.0, period: int = 10, period_mult: int = 2) -> Schedule:
    """Half a cosine from the first rate down to the last, each longer than the one before, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, period=period, period_mult=period_mult)
