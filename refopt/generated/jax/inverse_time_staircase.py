# Generated from the formula by: refopt generate inverse_time/staircase --to jax
# Fingerprint of the formula: 0f9f8b6037fb987338ec20967d99de21c4a2aa689a6067741bbded675a4b753f
"""The rate falls as one over the number of whole stretches.

    lr_k <- lr / (1 + slope*floor(k / every))

Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.
Differs from inverse_time: the divisor grows once in so many steps, not at each.

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
        found = lr / (1 + slope * (k // every))
    return jnp.asarray(found, jnp.result_type(float))


def inverse_time_staircase(lr: float = 0.1, slope: float = 0.5, every: int = 1) -> Schedule:
    """The rate falls as one over the number of whole stretches, for optax."""
    return lambda k: rate(k, lr=lr, slope=slope, every=every)
