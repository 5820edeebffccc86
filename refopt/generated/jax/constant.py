# Generated from the formula by: refopt generate constant --to jax
# Fingerprint of the formula: 79ece0cc106b1faf700920f72f2abc4186d9f4abadcf43af86092ada2885f9e1
"""The same rate at every step.

    lr_k <- lr

Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.

Hyperparameters:
    lr  learning rate at the start; 0 <= lr

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles


def rate(k: Any, *, lr: Any = 0.1) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        (lr,) = doubles(lr)
        found = lr
    return jnp.asarray(found, jnp.result_type(float))


def constant(lr: float = 0.1) -> Schedule:
    """The same rate at every step, for optax."""
    return lambda k: rate(k, lr=lr)
