# Generated from the formula by: refopt generate hard_restarts --to numpy
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

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "cycles": "1 <= cycles"}


def outside(lr: float, lr_min: float, span: int, cycles: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (cycles >= 1):
        return "cycles"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, cycles: int = 2) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min = floats(lr, lr_min)
    span, cycles = integers(span, cycles)
    return lr_min + (lr - lr_min) * (1 + math.cos(math.pi * ((cycles * k - span * (cycles * k // span)) / span))) / 2 if k < span else lr_min
