# Generated from the formula by: refopt generate inverse_sqrt --to numpy
# Fingerprint of the formula: 9a9a47988bdb8e8098967054ad7b647f26121a2d700fca230f14670493b9913e
"""A linear rise from 0, then one over the root of the step.

    lr_k <- where(k < warmup_steps, lr * k / warmup_steps, lr*sqrt(timescale / (k + timescale - warmup_steps)))

Source: Zhai et al. 2022, section 3.5, the reciprocal square root with its time scale, arXiv:2106.04560.
Source: Raffel et al. 2020, section 3.1.2, one over the root of max(n, k), arXiv:1910.10683.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    warmup_steps  steps of the rise; 1 <= warmup_steps
    timescale     steps after the rise in which the rate falls by the root of 2; 1 <= timescale

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "warmup_steps": "1 <= warmup_steps", "timescale": "1 <= timescale"}


def outside(lr: float, warmup_steps: int, timescale: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    if not (timescale >= 1):
        return "timescale"
    return None


def rate(k: int, *, lr: float = 0.1, warmup_steps: int = 10, timescale: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    (lr,) = floats(lr)
    warmup_steps, timescale = integers(warmup_steps, timescale)
    return lr * k / warmup_steps if k < warmup_steps else lr * math.sqrt(timescale / (k + timescale - warmup_steps))
