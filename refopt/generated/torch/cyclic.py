# Generated from the formula by: refopt generate cyclic --to torch
# Fingerprint of the formula: b610223df3b33db819decb3e05762ace74ad5a356242620a0383d7e902fda9e3
"""A straight line up to the highest rate and down again, over and over.

    lr_k <- lr + (lr_max - lr)*(1 - abs(k - 2*half_cycle*floor(k / (2*half_cycle)) - half_cycle) / half_cycle)

Source: Smith 2017, section 3.1, the triangular policy, triangular2 and exp_range, arXiv:1506.01186.

Hyperparameters:
    lr          lowest learning rate; 0 <= lr
    lr_max      highest learning rate; 0 <= lr_max
    half_cycle  steps from the lowest rate to the highest; 1 <= half_cycle

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations


def rate(k: int, *, lr: float = 0.1, lr_max: float = 0.2, half_cycle: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr + (lr_max - lr) * (1 - abs(k - 2 * half_cycle * (k // (2 * half_cycle)) - half_cycle) / half_cycle)
