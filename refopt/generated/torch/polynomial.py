# Generated from the formula by: refopt generate polynomial --to torch
# Fingerprint of the formula: 9d95bfc4832774a6bf81df74c1d8cd247464532f61e5d580776058e61e623794
"""A power of the share of the steps that is left, then constant.

    lr_k <- lr_min + (lr - lr_min)*(1 - min(k, length) / length)^exponent

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^exponent, arXiv:1506.04579.

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
    return lr_min + (lr - lr_min) * math.pow(1 - min(k, length) / length, exponent)
