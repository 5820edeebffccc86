# Generated from the formula by: refopt generate linear --to jax
# Fingerprint of the formula: 79f59b759640eacb57a762fdccf903b8050876347a920087623e7946b9717df9
"""A straight line from a share of the rate to another, then constant.

    lr_k <- lr*(start_factor + (end_factor - start_factor) * min(k, span) / span)

Source: Goyal et al. 2017, section 2.2, the same increment at each step, arXiv:1706.02677.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    start_factor  what the rate is multiplied by at step 0; 0 <= start_factor
    end_factor    what the rate is multiplied by in the end; 0 <= end_factor
    span          steps from the first rate to the last; 1 <= span

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, start_factor: Any = 1.0, end_factor: Any = 0.0, span: Any = 100) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, start_factor, end_factor = doubles(lr, start_factor, end_factor)
        (span,) = whole(span)
        (k,) = whole(k)
        found = lr * (start_factor + (end_factor - start_factor) * jnp.minimum(k, span) / span)
    return jnp.asarray(found, jnp.result_type(float))


def linear(lr: float = 0.1, start_factor: float = 1.0, end_factor: float = 0.0, span: int = 100) -> Schedule:
    """A straight line from a share of the rate to another, then constant, for optax."""
    return lambda k: rate(k, lr=lr, start_factor=start_factor, end_factor=end_factor, span=span)
