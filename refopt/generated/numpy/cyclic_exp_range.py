# Generated from the formula by: refopt generate cyclic/exp_range --to numpy
# Fingerprint of the formula: 88dc0f9ff8e9bc96f87edc224701ea708f57ff2ab73296b43674920641a1afbc
"""A line up and down again, lower by a factor at each step.

    lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)*factor^k

Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
Differs from cyclic: the height falls by a factor at each step.

Hyperparameters:
    lr          lowest learning rate; 0 <= lr
    lr_max      highest learning rate; 0 <= lr_max
    half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle
    factor      what the height is multiplied by at each step; 0 <= factor

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers, power

DOMAIN = {"lr": "0 <= lr", "lr_max": "0 <= lr_max", "half_cycle": "1 <= half_cycle", "factor": "0 <= factor"}


def outside(lr: float, lr_max: float, half_cycle: int, factor: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_max >= 0):
        return "lr_max"
    if not (half_cycle >= 1):
        return "half_cycle"
    if not (factor >= 0):
        return "factor"
    return None


def rate(k: int, *, lr: float = 0.1, lr_max: float = 0.2, half_cycle: int = 10, factor: float = 0.99) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_max, factor = floats(lr, lr_max, factor)
    (half_cycle,) = integers(half_cycle)
    return lr + (lr_max - lr) * (1 - abs(k - 2 * half_cycle * (k // (2 * half_cycle)) - half_cycle) / half_cycle) * power(factor, k)
