# Generated from the formula by: refopt generate cosine_power --to numpy
# Fingerprint of the formula: b98c09241e000c88210789a91d6a9679aa3abfb188cca839985b46888ca583cb
"""A power of half a cosine from the first rate down to the last, then constant.

    lr_k <- where(k < period, lr_min + (lr - lr_min)*((1 + cos(pi * k / period)) / 2)^degree, lr_min)

Source: DeepMind et al. 2020, optax.cosine_decay_schedule: the exponent p, github.com/google-deepmind/optax.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    period  steps from the first rate to the last; 1 <= period
    degree  power that the curve is raised to; 1 is cosine_annealing; 0 < degree

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


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, period: int = 100, degree: float = 2.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, degree = floats(lr, lr_min, degree)
    (period,) = integers(period)
    return lr_min + (lr - lr_min) * math.pow((1 + math.cos(math.pi * k / period)) / 2, degree) if k < period else lr_min
