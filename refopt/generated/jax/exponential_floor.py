# Generated from the formula by: refopt generate exponential/floor --to jax
# Fingerprint of the formula: 41f5e5907e2aab67fca697d3d5be0ad5989d110eb4b58899c6455f458e914a10
"""The rate falls by a factor at every step, down to a least rate.

    lr_k <- max(lr*factor^k, lr_min)

Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
Differs from exponential: does not fall below a least rate.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at each step; 0 <= factor < 1
    lr_min  the least rate; 0 <= lr_min

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.95, lr_min: Any = 0.0) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor, lr_min = doubles(lr, factor, lr_min)
        (k,) = whole(k)
        found = jnp.maximum(lr * power(factor, k), lr_min)
    return jnp.asarray(found, jnp.result_type(float))


def exponential_floor(lr: float = 0.1, factor: float = 0.95, lr_min: float = 0.0) -> Schedule:
    """The rate falls by a factor at every step, down to a least rate, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor, lr_min=lr_min)
