# Generated from the formula by: refopt generate warmup+hard_restarts --to numpy
# Fingerprint of the formula: f3ab3db4a5238c3052849eb65621a4fdb711c678440770f64d10fc8bedf4d142
"""A linear rise, then: cosines of equal length from the first rate down to the last, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
            span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*(k - warmup_steps) - span*floor(cycles * (k -
            warmup_steps) / span)) / span))) / 2, lr_min))

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    span          steps from the first rate to the last; 1 <= span
    cycles        cosines in the whole span; 1 <= cycles
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "cycles": "1 <= cycles", "warmup_start": "0 <= warmup_start", "warmup_steps": "1 <= warmup_steps"}


def outside(lr: float, lr_min: float, span: int, cycles: int, warmup_start: float, warmup_steps: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (cycles >= 1):
        return "cycles"
    if not (warmup_start >= 0):
        return "warmup_start"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    return None


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, cycles: int = 2, warmup_start: float = 0.0, warmup_steps: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, warmup_start = floats(lr, lr_min, warmup_start)
    span, cycles, warmup_steps = integers(span, cycles, warmup_steps)
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else (lr_min + (lr - lr_min) * (1 + math.cos(math.pi * ((cycles * (k - warmup_steps) - span * (cycles * (k - warmup_steps) // span)) / span))) / 2 if k - warmup_steps < span else lr_min)
