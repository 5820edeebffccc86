# Generated from the formula by: refopt generate polynomial/cycle --to torch
# Fingerprint of the formula: 50ce77dd9e839796f5c08faba3b8aafb0235de4566b62e164ec80f2c6ad3160b
"""A fall that begins anew from a higher rate each time, and is longer.

    lr_k <- lr_min + (lr - lr_min)*(1 - k / (span*max(1, -floor((-k) / span))))^degree

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.
Differs from polynomial: begins anew after each multiple of the span, and ends at the next.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    degree  power of what is left; 1 is a straight line; 0 < degree

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, degree: float = 1.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * math.pow(1 - k / (span * max(1, -(-k // span))), degree)
