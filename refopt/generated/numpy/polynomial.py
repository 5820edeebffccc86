# Generated from the formula by: refopt generate polynomial --to numpy
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

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "degree": "0 < degree"}


def outside(lr: float, lr_min: float, span: int, degree: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (degree > 0):
        return "degree"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, degree: float = 1.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, degree = floats(lr, lr_min, degree)
    (span,) = integers(span)
    return lr_min + (lr - lr_min) * math.pow(1 - min(k, span) / span, degree)
