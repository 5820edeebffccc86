# Generated from the formula by: refopt generate cosine_warm_restarts/lowered --to torch
# Fingerprint of the formula: a35242f2b6c5179c3f90bfbb72f77bec033691b0c31a4c03242314058bb4a5fe
"""Half a cosine down to the last rate, each longer and lower than the one before.

    lr_k <- lr_min + (lr - lr_min) * factor^ilog(1 + floor((period_mult - 1) * k / period), period_mult) * (1 + cos(pi *
            (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 + floor((period_mult - 1) * k / period),
            period_mult) - 1) / (period_mult - 1)))) / 2

Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
Differs from cosine_warm_restarts: each cosine is longer and lower than the one before by factors.

Hyperparameters:
    lr           learning rate at the start; 0 <= lr
    lr_min       learning rate at the end of the period; 0 <= lr_min
    period       steps before the first restart; 1 <= period
    period_mult  how many times as long each cosine is as the one before; 2 <= period_mult
    factor       what the height of each cosine is multiplied by at the next restart; 0 <= factor

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math

from refopt.generated.torch._optimizer import ilog, power


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 10, period_mult: int = 2, factor: float = 0.9) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr_min + (lr - lr_min) * power(factor, ilog(1 + (period_mult - 1) * k // period, period_mult)) * (1 + math.cos(math.pi * (((1 + (period_mult - 1) * k / period) / power(period_mult, ilog(1 + (period_mult - 1) * k // period, period_mult)) - 1) / (period_mult - 1)))) / 2
