# Generated from the formula by: refopt generate cosine_annealing/k_decay --to torch
# Fingerprint of the formula: 69aebefd4de9fbdfa4aca8075e5a7c6e60a293e7cf59d7697f142373e99cff28
"""Half a cosine of a power of the share of the steps, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2

Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
Differs from cosine_annealing: the share of the steps is raised to a power.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power that the curve is raised to; 0 < degree

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 1.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * math.pow(min(k, period) / period, degree))) / 2
