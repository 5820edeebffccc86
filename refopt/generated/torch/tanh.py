# Generated from the formula by: refopt generate tanh --to torch
# Fingerprint of the formula: 8f20b001014c3d847275331e8edcff7d54f18f584711870ca936fdbff13566c3
"""A hyperbolic tangent from nearly the first rate to nearly the last, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 - tanh((upper + lower) * min(k, span) / span - lower)) / 2

Source: Hsueh et al. 2019, equation (3), HTD(L, U), arXiv:1806.01593.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    lower   how far below 0 the tangent begins: -L in the paper; 0 <= lower
    upper   how far above 0 the tangent ends; 0 <= upper

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, lower: float = 6.0, upper: float = 3.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * (1 - math.tanh((upper + lower) * min(k, span) / span - lower)) / 2
