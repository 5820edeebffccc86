# Generated from the formula by: refopt generate cosine_power --to torch
# Fingerprint of the formula: b98c09241e000c88210789a91d6a9679aa3abfb188cca839985b46888ca583cb
"""A power of half a cosine from the first rate down to the last, then constant.

    lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)

Source: DeepMind et al. 2020, optax.cosine_decay_schedule: the exponent p, github.com/google-deepmind/optax.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power that the curve is raised to; 1 is cosine_annealing; 0 < degree

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 2.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * math.pow((1 + math.cos(math.pi * k / period)) / 2, degree) if k < period else lr_min
