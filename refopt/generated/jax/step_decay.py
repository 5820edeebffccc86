# Generated from the formula by: refopt generate step_decay --to jax
# Fingerprint of the formula: c0b54afa81e13b3492dff426cae7a5939da3ed094eb5c8d74c6af147f3bb0c60
"""The rate falls by a factor every N epochs.

    lr_k <- lr*factor^floor(k / every)

Source: Ge et al. 2019, Algorithm 1, the step decay schedule, arXiv:1904.12838.
Source: Szegedy et al. 2015, section 6, 4 percent less every 8 epochs, arXiv:1409.4842.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by; 0 <= factor
    every   epochs between two falls; 1 <= every

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.1, every: Any = 30) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor = doubles(lr, factor)
        (every,) = whole(every)
        (k,) = whole(k)
        found = lr * power(factor, k // every)
    return jnp.asarray(found, jnp.result_type(float))


def step_decay(lr: float = 0.1, factor: float = 0.1, every: int = 30) -> Schedule:
    """The rate falls by a factor every N epochs, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor, every=every)
