# Generated from the formula by: refopt generate tanh --to numpy
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

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "lower": "0 <= lower", "upper": "0 <= upper"}


def outside(lr: float, lr_min: float, span: int, lower: float, upper: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (lower >= 0):
        return "lower"
    if not (upper >= 0):
        return "upper"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, lower: float = 6.0, upper: float = 3.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, lower, upper = floats(lr, lr_min, lower, upper)
    (span,) = integers(span)
    return lr_min + (lr - lr_min) * (1 - math.tanh((upper + lower) * min(k, span) / span - lower)) / 2
