# Generated from the formula by: refopt generate hard_restarts --to torch
# Fingerprint of the formula: c5ba66a666167eacdc38337a95a6b4ad5d86f2260ff593a874801dd60df7be22
"""Cosines of equal length from the first rate down to the last, then constant.

    lr_k <- where(k < span, lr_min + (lr - lr_min) * (1 + cos(pi * ((cycles*k - span*floor(cycles * k / span)) / span)))
            / 2, lr_min)

Source: Loshchilov & Hutter 2017, equation (5), restarts at equal distances, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    cycles  cosines in the whole span; 1 <= cycles

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, cycles: int = 2) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * ((cycles * k - span * (cycles * k // span)) / span))) / 2 if k < span else lr_min
