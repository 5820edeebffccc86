# Generated from the formula by: refopt generate cosine_k_decay --to torch
# Fingerprint of the formula: 6be69c876e70a6003bad4346c7925ae77bc500f3fdcaf68d62eafc0b20a6b24f
"""Half a cosine of a power of the share of the steps, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2

Source: Zhang & Li 2020, k-decay of the cosine: t^k/T^k in the place of t/T, arXiv:2004.05909.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 1.5) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * math.pow(min(k, period) / period, degree))) / 2
