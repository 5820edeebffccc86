# Generated from the formula by: refopt generate hard_restarts --to jax
# Fingerprint of the formula: c5ba66a666167eacdc38337a95a6b4ad5d86f2260ff593a874801dd60df7be22
"""Cosines of equal length from the first rate down to the last, then constant.

    lr_k <- where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*k - span*floor(cycles * k / span)) / span)))
            / 2, lr_min)

Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    cycles  cosines in the whole span; 1 <= cycles

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, span: Any = 100, cycles: Any = 2) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min = doubles(lr, lr_min)
        span, cycles = whole(span, cycles)
        (k,) = whole(k)
        found = jnp.where(k < span, lr_min + (lr - lr_min) * (1 + jnp.cos(jnp.pi * ((cycles * k - span * (cycles * k // span)) / span))) / 2, lr_min)
    return jnp.asarray(found, jnp.result_type(float))


def hard_restarts(lr: float = 0.1, lr_min: float = 0.0, span: int = 100, cycles: int = 2) -> Schedule:
    """Cosines of equal length from the first rate down to the last, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, span=span, cycles=cycles)
