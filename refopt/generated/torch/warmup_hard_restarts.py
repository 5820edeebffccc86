# Generated from the formula by: refopt generate warmup+hard_restarts --to torch
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

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, cycles: int = 2, warmup_start: float = 0.0, warmup_steps: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else (lr_min + (lr - lr_min) * (1 + math.cos(math.pi * ((cycles * (k - warmup_steps) - span * (cycles * (k - warmup_steps) // span)) / span))) / 2 if k - warmup_steps < span else lr_min)
