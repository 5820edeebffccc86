# Generated from the formula by: refopt generate linear_one_cycle --to jax
# Fingerprint of the formula: e2eb24ddfe653fd7e82aafa05f9861e2daf853bc42f4913e1b37b4e6fdb40eed
"""Straight lines up, down and on to far less, that meet at whole steps, then constant.

    lr_k <- where(k < floor(pct_start*total_steps), lr / div_factor + (lr - lr / div_factor) * k /
            floor(pct_start*total_steps), where(k < floor(pct_final*total_steps), lr + (lr / div_factor - lr) * (k -
            floor(pct_start*total_steps)) / (floor(pct_final*total_steps) - floor(pct_start*total_steps)), where(k <
            total_steps, lr / div_factor + (lr / div_factor / final_div_factor - lr / div_factor) * (k -
            floor(pct_final*total_steps)) / (total_steps - floor(pct_final*total_steps)), lr / div_factor /
            final_div_factor)))

Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
Source: DeepMind et al. 2020, optax.linear_onecycle_schedule: pct_final, github.com/google-deepmind/optax.

Hyperparameters:
    lr                highest learning rate; 0 <= lr
    total_steps       steps in all; 2 <= total_steps
    pct_start         share of the steps that the way up takes; 0 < pct_start < 1
    pct_final         share of the steps after which the first rate is reached again; 0 < pct_final < 1
    div_factor        the highest rate over the first; 0 < div_factor
    final_div_factor  the first rate over the last; 0 < final_div_factor

The rate is formed in binary64 and returned in JAX's default float. An optax schedule; k may be traced.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from refopt.generated.jax._transformation import Schedule, doubles, whole


def rate(
    k: Any, *, lr: Any = 0.1, total_steps: Any = 100, pct_start: Any = 0.3, pct_final: Any = 0.85, div_factor: Any = 25.0, final_div_factor: Any = 10000.0
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, pct_start, pct_final, div_factor, final_div_factor = doubles(lr, pct_start, pct_final, div_factor, final_div_factor)
        (total_steps,) = whole(total_steps)
        (k,) = whole(k)
        found = jnp.where(k < jnp.floor(pct_start * total_steps), lr / div_factor + (lr - lr / div_factor) * k / jnp.floor(pct_start * total_steps), jnp.where(k < jnp.floor(pct_final * total_steps), lr + (lr / div_factor - lr) * (k - jnp.floor(pct_start * total_steps)) / (jnp.floor(pct_final * total_steps) - jnp.floor(pct_start * total_steps)), jnp.where(k < total_steps, lr / div_factor + (lr / div_factor / final_div_factor - lr / div_factor) * (k - jnp.floor(pct_final * total_steps)) / (total_steps - jnp.floor(pct_final * total_steps)), lr / div_factor / final_div_factor)))
    return jnp.asarray(found, jnp.result_type(float))


def linear_one_cycle(
    lr: float = 0.1, total_steps: int = 100, pct_start: float = 0.3, pct_final: float = 0.85, div_factor: float = 25.0, final_div_factor: float = 10000.0
) -> Schedule:
    """Straight lines up, down and on to far less, that meet at whole steps, then constant, for optax."""
    return lambda k: rate(k, lr=lr, total_steps=total_steps, pct_start=pct_start, pct_final=pct_final, div_factor=div_factor, final_div_factor=final_div_factor)
