# Generated from the formula by: refopt generate polynomial --to torch
# Fingerprint of the formula: 9a34cba92ef8bba9860595e4e8b157a1740cb9b4f70091fe0067d4df32afbc77
"""A power of the share of the steps that is left, then constant.

    lr_k <- lr_min + (lr - lr_min)*(1 - min(k, span) / span)^degree

Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.

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
    return lr_min + (lr - lr_min) * math.pow(1 - min(k, span) / span, degree)
