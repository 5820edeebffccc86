# Generated from the formula by: refopt generate exponential/floor --to numpy
# Fingerprint of the formula: 41f5e5907e2aab67fca697d3d5be0ad5989d110eb4b58899c6455f458e914a10
"""The rate falls by a factor at every step, down to a least rate.

    lr_k <- max(lr*factor^k, lr_min)

Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.
Differs from exponential: does not fall below a least rate.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at each step; 0 <= factor < 1
    lr_min  the least rate; 0 <= lr_min

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, power

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor < 1", "lr_min": "0 <= lr_min"}


def outside(lr: float, factor: float, lr_min: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0 and factor < 1):
        return "factor"
    if not (lr_min >= 0):
        return "lr_min"
    return None


def rate(k: int, *, lr: float = 0.1, factor: float = 0.95, lr_min: float = 0.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor, lr_min = floats(lr, factor, lr_min)
    return max(lr * power(factor, k), lr_min)
