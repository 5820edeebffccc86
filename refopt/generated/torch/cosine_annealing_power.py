# Generated from the formula by: refopt generate cosine_annealing/power --to torch
# Fingerprint of the formula: 5d331856d9ee6098dcb7d4b9ffee6d53cd385ce1d8245ccb0277479b3bcc07fd
"""A power of half a cosine, then constant.

    lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)

Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.
Differs from cosine_annealing: the cosine's share is raised to a power.

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
    return lr_min + (lr - lr_min) * math.pow((1 + math.cos(math.pi * k / period)) / 2, degree) if k < period else lr_min
