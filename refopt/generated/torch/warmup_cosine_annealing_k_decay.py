# Generated from the formula by: refopt generate warmup+cosine_annealing/k_decay --to torch
# Fingerprint of the formula: 0be9752be84c9f2689567b83e94e05686540ce83670eb29e9649cbbff761b208
"""A linear rise, then: half a cosine of a power of the share of the steps, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
            (1 + cos(pi*(min(k - warmup_steps, period) / period)^degree)) / 2)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
Differs from warmup+cosine_annealing: the share of the steps is raised to a power.

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
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else lr_min + (lr - lr_min) * (1 + math.cos(math.pi * math.pow(min(k - warmup_steps, period) / period, degree))) / 2
