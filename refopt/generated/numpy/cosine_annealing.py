# Generated from the formula by: refopt generate cosine_annealing --to numpy
# Fingerprint of the formula: c17ecfa1c52325effa00074a8f2683bc4623f40347d126fb50fa7067a524779e
"""Half a cosine from the first rate down to the last, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * min(k, period) / period)) / 2

Source: Loshchilov & Hutter 2017, equation (5), one period, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "period": "1 <= period"}


def outside(lr: float, lr_min: float, period: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (period >= 1):
        return "period"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min = floats(lr, lr_min)
    (period,) = integers(period)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * min(k, period) / period)) / 2
