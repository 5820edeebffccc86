# Generated from the formula by: refopt generate exponential/spread --to jax
# Fingerprint of the formula: fdfb5fa7402b060d295d0457ab451ae9f535242816b14e2b0d7e36ebca7fdfba
"""The rate falls by a factor in so many steps, a little at each.

    lr_k <- lr*factor^(k / every)

Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
Differs from exponential: the factor is that of several steps, not of one.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at each step; 0 <= factor
    every   steps in which the rate is multiplied once; 1 <= every

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.95, every: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor = doubles(lr, factor)
        (every,) = whole(every)
        (k,) = whole(k)
        found = lr * jnp.power(factor, k / every)
    return jnp.asarray(found, jnp.result_type(float))


def exponential_spread(lr: float = 0.1, factor: float = 0.95, every: int = 10) -> Schedule:
    """The rate falls by a factor in so many steps, a little at each, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor, every=every)
