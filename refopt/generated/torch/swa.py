# Generated from the formula by: refopt generate swa --to torch
# Fingerprint of the formula: c8151a71bf16c8ac39f7ae578e0c8f1471e020be3256e181294bec113160f928
"""A straight line down in each cycle, which begins below the first rate and ends at the last.

    lr_k <- lr + (lr_min - lr) * (k - every*floor(k / every) + 1) / every

Source: Izmailov et al. 2018, section 3.2, alpha(i) of step i = k + 1, arXiv:1803.05407.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of each cycle; 0 <= lr_min
    every   steps of a cycle; 1 <= every

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, every: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr + (lr_min - lr) * (k - every * (k // every) + 1) / every
