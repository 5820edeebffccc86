# Generated from the formula by: refopt generate inverse_time --to numpy
# Fingerprint of the formula: 4f4b9c7a10c82652a4257f78f5caf3bbb849b7369f3d8515f99e893a96c1769c
"""The rate falls as one over the step.

    lr_k <- lr / (1 + slope * k / every)

Source: Bottou 2012, section 5.2, gamma_0/(1 + gamma_0 lambda t), doi:10.1007/978-3-642-35289-8_25.
Source: Robbins & Monro 1951, a rate that falls as one over the step, doi:10.1214/aoms/1177729586.

Hyperparameters:
    lr     learning rate at the start; 0 <= lr
    slope  growth of the divisor in so many steps; 0 <= slope
    every  steps in which the divisor grows by the slope; 1 <= every

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "slope": "0 <= slope", "every": "1 <= every"}


def outside(lr: float, slope: float, every: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (slope >= 0):
        return "slope"
    if not (every >= 1):
        return "every"
    return None


def rate(k: int, *, lr: float = 0.1, slope: float = 0.5, every: int = 1) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, slope = floats(lr, slope)
    (every,) = integers(every)
    return lr / (1 + slope * k / every)
