# Generated from the formula by: refopt generate linear_one_cycle --to numpy
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

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "total_steps": "2 <= total_steps", "pct_start": "0 < pct_start < 1", "pct_final": "0 < pct_final < 1", "div_factor": "0 < div_factor", "final_div_factor": "0 < final_div_factor"}


def outside(lr: float, total_steps: int, pct_start: float, pct_final: float, div_factor: float, final_div_factor: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (total_steps >= 2):
        return "total_steps"
    if not (pct_start > 0 and pct_start < 1):
        return "pct_start"
    if not (pct_final > 0 and pct_final < 1):
        return "pct_final"
    if not (div_factor > 0):
        return "div_factor"
    if not (final_div_factor > 0):
        return "final_div_factor"
    return None


def rate(
    k: int, *, lr: float = 0.1, total_steps: int = 100, pct_start: float = 0.3, pct_final: float = 0.85, div_factor: float = 25.0, final_div_factor: float = 10000.0
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, pct_start, pct_final, div_factor, final_div_factor = floats(lr, pct_start, pct_final, div_factor, final_div_factor)
    (total_steps,) = integers(total_steps)
    return lr / div_factor + (lr - lr / div_factor) * k / math.floor(pct_start * total_steps) if k < math.floor(pct_start * total_steps) else (lr + (lr / div_factor - lr) * (k - math.floor(pct_start * total_steps)) / (math.floor(pct_final * total_steps) - math.floor(pct_start * total_steps)) if k < math.floor(pct_final * total_steps) else (lr / div_factor + (lr / div_factor / final_div_factor - lr / div_factor) * (k - math.floor(pct_final * total_steps)) / (total_steps - math.floor(pct_final * total_steps)) if k < total_steps else lr / div_factor / final_div_factor))
