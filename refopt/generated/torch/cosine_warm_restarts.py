# Generated from the formula by: refopt generate cosine_warm_restarts --to torch
# Fingerprint of the formula: 3eae8f448a3ef48f96c631573bde12e6ff0c1180f7682070f870320f846203bf
"""Half a cosine from the first rate down to the last, again and again.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * ((k - period*floor(k / period)) / period))) / 2

Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_mult = 1, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from one restart to the next; 1 <= period

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * ((k - period * (k // period)) / period))) / 2
