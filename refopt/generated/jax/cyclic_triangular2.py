# Generated from the formula by: refopt generate cyclic/triangular2 --to jax
# Fingerprint of the formula: d8a8c200d919bc9772764aa27445bbe0c91c5aa9489c589a9577807ade34344b
"""A line up and down again, half as high each time.

    lr_k <- lr + (lr_max - lr) * (1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle) /
            2^floor(k / (2*half_cycle))

Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
Differs from cyclic: the height is halved after each cycle.

Hyperparameters:
    lr          lowest learning rate; 0 <= lr
    lr_max      highest learning rate; 0 <= lr_max
    half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, lr_max: Any = 0.2, half_cycle: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_max = doubles(lr, lr_max)
        (half_cycle,) = whole(half_cycle)
        (k,) = whole(k)
        found = lr + (lr_max - lr) * (1 - jnp.abs(k - 2 * half_cycle * (k // (2 * half_cycle)) - half_cycle) / half_cycle) / power(2, k // (2 * half_cycle))
    return jnp.asarray(found, jnp.result_type(float))


def cyclic_triangular2(lr: float = 0.1, lr_max: float = 0.2, half_cycle: int = 10) -> Schedule:
    """A line up and down again, half as high each time, for optax."""
    return lambda k: rate(k, lr=lr, lr_max=lr_max, half_cycle=half_cycle)
