# Generated from the formula by: refopt generate warmup+cosine_annealing/power --to torch
# Fingerprint of the formula: eab09e1655f775c3d578edae7b187706f357e9355f13413dd4777ef019dd1650
"""A linear rise, then: a power of half a cosine, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k - warmup_steps <
            period, lr_min + (lr - lr_min)*((1 + cos(pi * (k - warmup_steps) / period)) / 2)^degree, lr_min))

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
Differs from warmup+cosine_annealing: the cosine's share is raised to a power.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    period        steps from the first rate to the last; 1 <= period
    degree        power that the curve is raised to; 0 < degree
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 1.0, warmup_start: float = 0.0, warmup_steps: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else (lr_min + (lr - lr_min) * math.pow((1 + math.cos(math.pi * (k - warmup_steps) / period)) / 2, degree) if k - warmup_steps < period else lr_min)
