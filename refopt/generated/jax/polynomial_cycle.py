# Generated from the formula by: refopt generate polynomial/cycle --to jax
# Fingerprint of the formula: cadbea4e7f65caf439c3b128bca0c2f169abedbef735e4480a19ff444573c949
"""A fall that begins anew from a higher rate each time, and is longer.

    lr_k <- lr_min + (lr - lr_min)*(1 - k / (length*max(1, -floor((-k) / length))))^exponent

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^exponent, arXiv:1506.04579.
Differs from polynomial: begins anew after each multiple of the length, and ends at the next.

Hyperparameters:
    lr        learning rate at the start; 0 <= lr
    lr_min    learning rate at the end; 0 <= lr_min
    length    steps from the first rate to the last; 1 <= length
    exponent  power of what is left; 1 is a straight line; 0 < exponent

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, length: Any = 100, exponent: Any = 1.0) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, exponent = doubles(lr, lr_min, exponent)
        (length,) = whole(length)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * jnp.power(1 - k / (length * jnp.maximum(1, -(-k // length))), exponent)
    return jnp.asarray(found, jnp.result_type(float))


def polynomial_cycle(lr: float = 0.1, lr_min: float = 0.0, length: int = 100, exponent: float = 1.0) -> Schedule:
    """A fall that begins anew from a higher rate each time, and is longer, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, length=length, exponent=exponent)
