# Generated from the formula by: refopt generate polynomial/cycle --to torch
# Fingerprint of the formula: cadbea4e7f65caf439c3b128bca0c2f169abedbef735e4480a19ff444573c949
"""A fall that begins anew from a higher rate each time, and is longer.

    lr_k <- lr_min + (lr - lr_min)*(1 - k / (length*max(1, -floor((-k) / length))))^exponent

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^exponent, arXiv:1506.04579.
Differs from polynomial: begins anew after each multiple of the length, and ends at the next.

Hyperparameters:
    lr        learning rate at the start; 0 <= lr
    lr_min    learning rate at the end; 0 <= lr_min
    length    steps from the first rate to the last; 1 <= length
    exponent  power of what is left; 1 is a straight line; 0 < exponent

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, length: int = 100, exponent: float = 1.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * math.pow(1 - k / (length * max(1, -(-k // length))), exponent)
