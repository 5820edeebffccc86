# Generated from the formula by: refopt generate cosine_warm_restarts --to numpy
# Fingerprint of the formula: 3eae8f448a3ef48f96c631573bde12e6ff0c1180f7682070f870320f846203bf
"""Half a cosine from the first rate down to the last, again and again.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi * ((k - period*floor(k / period)) / period))) / 2

Source: Loshchilov & Hutter 2017, equation (5) and the restarts of section 3, T_mult = 1, arXiv:1608.03983.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from one restart to the next; 1 <= period

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


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min = floats(lr, lr_min)
    (period,) = integers(period)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * ((k - period * (k // period)) / period))) / 2
