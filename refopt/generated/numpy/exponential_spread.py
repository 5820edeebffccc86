# Generated from the formula by: refopt generate exponential/spread --to numpy
# Fingerprint of the formula: fdfb5fa7402b060d295d0457ab451ae9f535242816b14e2b0d7e36ebca7fdfba
"""The rate falls by a factor in so many steps, a little at each.

    lr_k <- lr*factor^(k / every)

Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
Differs from exponential: the factor is that of several steps, not of one.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at each step; 0 <= factor
    every   steps in which the rate is multiplied once; 1 <= every

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor", "every": "1 <= every"}


def outside(lr: float, factor: float, every: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0):
        return "factor"
    if not (every >= 1):
        return "every"
    return None


def rate(k: int, *, lr: float = 0.1, factor: float = 0.95, every: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor = floats(lr, factor)
    (every,) = integers(every)
    return lr * math.pow(factor, k / every)
