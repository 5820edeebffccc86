# Generated from the formula by: refopt generate exponential --to jax
# Fingerprint of the formula: 6466e2086e259ce63156d175ee5e69b28ab1325d981e1f80dc9d29c8b0bc136f
"""The rate falls by a factor at every step.

    lr_k <- lr*factor^k

Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at each step; 0 <= factor

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.95) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor = doubles(lr, factor)
        (k,) = whole(k)
        found = lr * power(factor, k)
    return jnp.asarray(found, jnp.result_type(float))


def exponential(lr: float = 0.1, factor: float = 0.95) -> Schedule:
    """The rate falls by a factor at every step, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor)
