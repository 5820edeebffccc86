# Generated from the formula by: refopt generate one_cycle/whole --to jax
# Fingerprint of the formula: d8f5234d4dc6cd0a2d016ad6eb4ef7df40e44ff17d5c69da6e7b7281bb4c7ce9
"""Half a cosine up to a whole step, half a cosine down to far less, then constant.

    lr_k <- where(k < floor(pct_start*total_steps), lr + (lr / div_factor - lr) * (1 + cos(pi * (k /
            floor(pct_start*total_steps)))) / 2, where(k < total_steps, lr / div_factor / final_div_factor + (lr - lr /
            div_factor / final_div_factor) * (1 + cos(pi * ((k - floor(pct_start*total_steps)) / (total_steps -
            floor(pct_start*total_steps))))) / 2, lr / div_factor / final_div_factor))

Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
Differs from one_cycle: half cosines that meet at whole steps; the end is one step later.

Hyperparameters:
    lr                highest learning rate; 0 <= lr
    total_steps       steps in all; 2 <= total_steps
    pct_start         share of the steps that the way up takes; 0 < pct_start < 1
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
    k: Any, *, lr: Any = 0.1, total_steps: Any = 100, pct_start: Any = 0.3, div_factor: Any = 25.0, final_div_factor: Any = 10000.0
) -> Any:
    """The learning rate of step k = 0, 1, 2, ..."""
    with jax.enable_x64(True):
        lr, pct_start, div_factor, final_div_factor = doubles(lr, pct_start, div_factor, final_div_factor)
        (total_steps,) = whole(total_steps)
        (k,) = whole(k)
        found = jnp.where(k < jnp.floor(pct_start * total_steps), lr + (lr / div_factor - lr) * (1 + jnp.cos(jnp.pi * (k / jnp.floor(pct_start * total_steps)))) / 2, jnp.where(k < total_steps, lr / div_factor / final_div_factor + (lr - lr / div_factor / final_div_factor) * (1 + jnp.cos(jnp.pi * ((k - jnp.floor(pct_start * total_steps)) / (total_steps - jnp.floor(pct_start * total_steps))))) / 2, lr / div_factor / final_div_factor))
    return jnp.asarray(found, jnp.result_type(float))


def one_cycle_whole(
    lr: float = 0.1, total_steps: int = 100, pct_start: float = 0.3, div_factor: float = 25.0, final_div_factor: float = 10000.0
) -> Schedule:
    """Half a cosine up to a whole step, half a cosine down to far less, then constant, for optax."""
    return lambda k: rate(k, lr=lr, total_steps=total_steps, pct_start=pct_start, div_factor=div_factor, final_div_factor=final_div_factor)
