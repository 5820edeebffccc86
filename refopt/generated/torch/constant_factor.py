# Generated from the formula by: refopt generate constant_factor --to torch
# Fingerprint of the formula: c7a0ad6c5f6e63c070164a4cd624aba12c82b249be0fbc9b5409d453d6b700f1
"""A share of the rate for some steps, then the whole.

    lr_k <- where(k < length, lr*factor, lr)

Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at first; 0 <= factor
    length  steps with a share of the rate; 1 <= length

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations


def rate(k: int, *, lr: float = 0.1, factor: float = 0.1, length: int = 5) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * factor if k < length else lr
