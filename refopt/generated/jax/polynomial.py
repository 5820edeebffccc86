# Generated from the formula by: refopt generate polynomial --to jax
# Fingerprint of the formula: 9a34cba92ef8bba9860595e4e8b157a1740cb9b4f70091fe0067d4df32afbc77
"""A power of the share of the steps that is left, then constant.

    lr_k <- lr_min + (lr - lr_min)*(1 - min(k, span) / span)^degree

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    degree  power of what is left; 1 is a straight line; 0 < degree

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, span: Any = 100, degree: Any = 1.0) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, degree = doubles(lr, lr_min, degree)
        (span,) = whole(span)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * jnp.power(1 - jnp.minimum(k, span) / span, degree)
    return jnp.asarray(found, jnp.result_type(float))


def polynomial(lr: float = 0.1, lr_min: float = 0.0, span: int = 100, degree: float = 1.0) -> Schedule:
    """A power of the share of the steps that is left, then constant, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, span=span, degree=degree)
