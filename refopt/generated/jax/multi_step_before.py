# Generated from the formula by: refopt generate multi_step/before --to jax
# Fingerprint of the formula: 599217eb95ce544034836fbbc68f15cdbbb4b0b3a936e1af88efd5540f41167e
"""The rate falls by a factor one step before each milestone.

    lr_k <- lr*factor^count(k + 1 >= milestones)

Source: He et al. 2016, section 4.2, divided by 10 at 32k and 48k iterations, arXiv:1512.03385.
Differs from multi_step: the step before a milestone has fallen already.

Hyperparameters:
    lr          learning rate at the start; 0 <= lr
    factor      what the rate is multiplied by; 0 <= factor
    milestones  steps at which the rate falls; one that stands twice counts twice; 0 <= milestones

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, power, whole


def rate(k: Any, *, lr: Any = 0.1, factor: Any = 0.1, milestones: Any = (30, 80)) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, factor = doubles(lr, factor)
        milestones = jnp.asarray(milestones, jnp.int64)
        (k,) = whole(k)
        found = lr * power(factor, jnp.count_nonzero(k + 1 >= milestones))
    return jnp.asarray(found, jnp.result_type(float))


def multi_step_before(lr: float = 0.1, factor: float = 0.1, milestones: tuple[int, ...] = (30, 80)) -> Schedule:
    """The rate falls by a factor one step before each milestone, for optax."""
    return lambda k: rate(k, lr=lr, factor=factor, milestones=milestones)
