# Generated from the formula by: refopt generate cosine_k_decay --to numpy
# Fingerprint of the formula: 6be69c876e70a6003bad4346c7925ae77bc500f3fdcaf68d62eafc0b20a6b24f
"""Half a cosine of a power of the share of the steps, then constant.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(pi*(min(k, period) / period)^degree)) / 2

Source: Zhang & Li 2020, k-decay of the cosine: t^k/T^k in the place of t/T, arXiv:2004.05909.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power of the share of the steps: k in the paper; 1 is cosine_annealing; 0 < degree

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "period": "1 <= period", "degree": "0 < degree"}


def outside(lr: float, lr_min: float, period: int, degree: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (period >= 1):
        return "period"
    if not (degree > 0):
        return "degree"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 1.5) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, degree = floats(lr, lr_min, degree)
    (period,) = integers(period)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * math.pow(min(k, period) / period, degree))) / 2
