# Generated from the formula by: refopt generate polynomial --to jax
# Fingerprint of the formula: 9d95bfc4832774a6bf81df74c1d8cd247464532f61e5d580776058e61e623794
"""A power of the share of the steps that is left, then constant.

    lr_k <- lr_min + (lr - lr_min)*(1 - min(k, length) / length)^exponent

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^exponent, arXiv:1506.04579.

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
        found = lr_min + (lr - lr_min) * jnp.power(1 - jnp.minimum(k, length) / length, exponent)
    return jnp.asarray(found, jnp.result_type(float))


def polynomial(lr: float = 0.1, lr_min: float = 0.0, length: int = 100, exponent: float = 1.0) -> Schedule:
    """A power of the share of the steps that is left, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, length=length, exponent=exponent)
