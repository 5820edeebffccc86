# Generated from the formula by: refopt generate cosine_waves --to jax
# Fingerprint of the formula: 640affb9c81e3b54aba9db614a284f31efe71d5ddc33eb2b1c6cfdf5f3566093
"""A cosine down to the last rate and up again, so many times in the span, and on.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(2 * waves * pi * k / span)) / 2

Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    waves   waves in the whole span, each down and up again; half of one only falls; 0 < waves

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(k: Any, *, lr: Any = 0.1, lr_min: Any = 0.0, span: Any = 100, waves: Any = 1.0) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, lr_min, waves = doubles(lr, lr_min, waves)
        (span,) = whole(span)
        (k,) = whole(k)
        found = lr_min + (lr - lr_min) * (1 + jnp.cos(2 * waves * jnp.pi * k / span)) / 2
    return jnp.asarray(found, jnp.result_type(float))


def cosine_waves(lr: float = 0.1, lr_min: float = 0.0, span: int = 100, waves: float = 1.0) -> Schedule:
    """A cosine down to the last rate and up again, so many times in the span, and on, for optax."""
    return lambda k: rate(k, lr=lr, lr_min=lr_min, span=span, waves=waves)
