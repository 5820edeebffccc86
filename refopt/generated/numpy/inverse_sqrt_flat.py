# Generated from the formula by: refopt generate inverse_sqrt/flat --to numpy
# Fingerprint of the formula: b438d3a4e8daa13ce7e4a90eccf76f007695ec660eebbc47cb49e3f71b6c08ad
"""A constant rate, then one over the root of the step.

    lr_k <- lr*sqrt(warmup_steps / max(k, warmup_steps))

Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.
Differs from inverse_sqrt: holds the first rate in place of a rise; the fall counts from 0.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "warmup_steps": "1 <= warmup_steps"}


def outside(lr: float, warmup_steps: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    return None


def rate(k: int, *, lr: float = 0.1, warmup_steps: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    (lr,) = floats(lr)
    (warmup_steps,) = integers(warmup_steps)
    return lr * math.sqrt(warmup_steps / max(k, warmup_steps))
