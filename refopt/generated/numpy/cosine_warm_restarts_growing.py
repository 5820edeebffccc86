# Generated from the formula by: refopt generate cosine_warm_restarts/growing --to numpy
# Fingerprint of the formula: 5d3edddc57e3b844bd5f87fe183b80ab76401464258ed880f0315691f206a852
"""Half a cosine from the first rate down to the last, each longer than the one before.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * (((1 + (period_mult - 1) * k / period) / period_mult^ilog(1 +
            floor((period_mult - 1) * k / period), period_mult) - 1) / (period_mult - 1)))) / 2

Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_i multiplied by T_mult at each, arXiv:1608.03983.
Differs from cosine_warm_restarts: each cosine is longer than the one before by a factor.

Hyperparameters:
    lr           learning rate at the start; 0 <= lr
    lr_min       learning rate at the end of the period; 0 <= lr_min
    period       steps before the first restart; 1 <= period
    period_mult  how many times as long each cosine is as the one before; 2 <= period_mult

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, ilog, integers, power

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "period": "1 <= period", "period_mult": "2 <= period_mult"}


def outside(lr: float, lr_min: float, period: int, period_mult: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (period >= 1):
        return "period"
    if not (period_mult >= 2):
        return "period_mult"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 10, period_mult: int = 2) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min = floats(lr, lr_min)
    period, period_mult = integers(period, period_mult)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * (((1 + (period_mult - 1) * k / period) / power(period_mult, ilog(1 + (period_mult - 1) * k // period, period_mult)) - 1) / (period_mult - 1)))) / 2
