# Generated from the formula by: refopt generate exponential --to numpy
# Fingerprint of the formula: 6466e2086e259ce63156d175ee5e69b28ab1325d981e1f80dc9d29c8b0bc136f
"""The rate falls by a factor at every step.

    lr_k <- lr*factor^k

Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at each step; 0 <= factor

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, power

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor"}


def outside(lr: float, factor: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0):
        return "factor"
    return None


def rate(k: int, *, lr: float = 0.1, factor: float = 0.95) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor = floats(lr, factor)
    return lr * power(factor, k)
