# Generated from the formula by: refopt generate one_cycle/whole --to numpy
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

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "total_steps": "2 <= total_steps", "pct_start": "0 < pct_start < 1", "div_factor": "0 < div_factor", "final_div_factor": "0 < final_div_factor"}


def outside(lr: float, total_steps: int, pct_start: float, div_factor: float, final_div_factor: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (total_steps >= 2):
        return "total_steps"
    if not (pct_start > 0 and pct_start < 1):
        return "pct_start"
    if not (div_factor > 0):
        return "div_factor"
    if not (final_div_factor > 0):
        return "final_div_factor"
    return None


def rate(
    k: int, *, lr: float = 0.1, total_steps: int = 100, pct_start: float = 0.3, div_factor: float = 25.0, final_div_factor: float = 10000.0
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, pct_start, div_factor, final_div_factor = floats(lr, pct_start, div_factor, final_div_factor)
    (total_steps,) = integers(total_steps)
    return lr + (lr / div_factor - lr) * (1 + math.cos(math.pi * (k / math.floor(pct_start * total_steps)))) / 2 if k < math.floor(pct_start * total_steps) else (lr / div_factor / final_div_factor + (lr - lr / div_factor / final_div_factor) * (1 + math.cos(math.pi * ((k - math.floor(pct_start * total_steps)) / (total_steps - math.floor(pct_start * total_steps))))) / 2 if k < total_steps else lr / div_factor / final_div_factor)
