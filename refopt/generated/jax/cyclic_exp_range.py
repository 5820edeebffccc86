# Generated from the formula by: refopt generate cyclic/exp_range --to jax
# Fingerprint of the formula: 88dc0f9ff8e9bc96f87edc224701ea708f57ff2ab73296b43674920641a1afbc
"""A line up and down again, lower by a factor at each step.

    lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)*factor^k

Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
Differs from cyclic: the height falls by a factor at each step.

Hyperparameters:
    lr          lowest learning rate; 0 <= lr
    lr_max      highest learning rate; 0 <= lr_max
    half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle
    factor      what the height is multiplied by at each step; 0 <= factor

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, lr_max: Any = 0.2, half_cycle: Any = 10, factor: Any = 0.99) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_max, factor = doubles(lr, lr_max, factor)
        (half_cycle,) = whole(half_cycle)
        (k,) = whole(k)
        found = lr + (lr_max - lr) * (1 - jnp.abs(k - 2 * half_cycle * (k // (2 * half_cycle)) - half_cycle) / half_cycle) * power(factor, k)
    return jnp.asarray(found, jnp.result_type(float))


def cyclic_exp_range(lr: float = 0.1, lr_max: float = 0.2, half_cycle: int = 10, factor: float = 0.99) -> Schedule:
    """A line up and down again, lower by a factor at each step, for optax."""
    return lambda k: rate(k, lr=lr, lr_max=lr_max, half_cycle=half_cycle, factor=factor)
