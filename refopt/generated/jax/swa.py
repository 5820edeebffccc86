# Generated from the formula by: refopt generate swa --to jax
# Fingerprint of the formula: c8151a71bf16c8ac39f7ae578e0c8f1471e020be3256e181294bec113160f928
"""A straight line down in each cycle, which begins below the first rate and ends at the last.

    lr_k <- lr + (lr_min - lr) * (k - every*floor(k / every) + 1) / every

Source: Izmailov et al. 2018, section 3.2, alpha(i) of step i = k + 1, arXiv:1803.05407.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of each cycle; 0 <= lr_min
    every   steps of a cycle; 1 <= every

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, every: Any = 10) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min = doubles(lr, lr_min)
        (every,) = whole(every)
        (k,) = whole(k)
        found = lr + (lr_min - lr) * (k - every * (k // every) + 1) / every
    return jnp.asarray(found, jnp.result_type(float))


def swa(lr: float = 0.1, lr_min: float = 0.0, every: int = 10) -> Schedule:
    """A straight line down in each cycle, which begins below the first rate and ends at the last, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, every=every)
