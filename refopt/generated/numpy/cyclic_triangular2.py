# Generated from the formula by: refopt generate cyclic/triangular2 --to numpy
# Fingerprint of the formula: d8a8c200d919bc9772764aa27445bbe0c91c5aa9489c589a9577807ade34344b
"""A line up and down again, half as high each time.

    lr_k <- lr + (lr_max - lr) * (1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle) /
            2^floor(k / (2*half_cycle))

Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.
Differs from cyclic: the height is halved after each cycle.

Hyperparameters:
    lr          lowest learning rate; 0 <= lr
    lr_max      highest learning rate; 0 <= lr_max
    half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers, power

DOMAIN = {"lr": "0 <= lr", "lr_max": "0 <= lr_max", "half_cycle": "1 <= half_cycle"}


def outside(lr: float, lr_max: float, half_cycle: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_max >= 0):
        return "lr_max"
    if not (half_cycle >= 1):
        return "half_cycle"
    return None


def rate(k: int, *, lr: float = 0.1, lr_max: float = 0.2, half_cycle: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_max = floats(lr, lr_max)
    (half_cycle,) = integers(half_cycle)
    return lr + (lr_max - lr) * (1 - abs(k - 2 * half_cycle * (k // (2 * half_cycle)) - half_cycle) / half_cycle) / power(2, k // (2 * half_cycle))
