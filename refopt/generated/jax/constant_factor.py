# Generated from the formula by: refopt generate constant_factor --to jax
# Fingerprint of the formula: ab8e0412ded0986e18661c43cbe1682cb82756952f96836ca1a206d157956cf5
"""A share of the rate for some steps, then the whole.

    lr_k <- where(k < span, lr*factor, lr)

Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at first; 0 <= factor
    span    steps with a share of the rate; 1 <= span

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.1, span: Any = 5) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor = doubles(lr, factor)
        (span,) = whole(span)
        (k,) = whole(k)
        found = jnp.where(k < span, lr * factor, lr)
    return jnp.asarray(found, jnp.result_type(float))


def constant_factor(lr: float = 0.1, factor: float = 0.1, span: int = 5) -> Schedule:
    """A share of the rate for some steps, then the whole, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor, span=span)
