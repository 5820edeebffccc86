# Generated from the formula by: refopt generate inverse_time --to jax
# Fingerprint of the formula: 4f4b9c7a10c82652a4257f78f5caf3bbb849b7369f3d8515f99e893a96c1769c
"""The rate falls as one over the step.

    lr_k <- lr / (1 + slope * k / every)

Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.

Hyperparameters:
    lr     learning rate at the start; 0 <= lr
    slope  growth of the divisor in so many steps; 0 <= slope
    every  steps in which the divisor grows by the slope; 1 <= every

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, slope: Any = 0.5, every: Any = 1) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, slope = doubles(lr, slope)
        (every,) = whole(every)
        (k,) = whole(k)
        found = lr / (1 + slope * k / every)
    return jnp.asarray(found, jnp.result_type(float))


def inverse_time(lr: float = 0.1, slope: float = 0.5, every: int = 1) -> Schedule:
    """The rate falls as one over the step, for optax."""
    return lambda k: rate(k, lr=lr, slope=slope, every=every)
