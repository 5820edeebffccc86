# Generated from the formula by: refopt generate linear --to torch
# Fingerprint of the formula: 79f59b759640eacb57a762fdccf903b8050876347a920087623e7946b9717df9
"""A straight line from a share of the rate to another, then constant.

    lr_k <- lr*(start_factor + (end_factor - start_factor) * min(k, span) / span)

Source: Goyal et al. 2017, section 2.2, the same increment at each step, arXiv:1706.02677.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    start_factor  what the rate is multiplied by at step 0; 0 <= start_factor
    end_factor    what the rate is multiplied by in the end; 0 <= end_factor
    span          steps from the first rate to the last; 1 <= span

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations


def rate(k: int, *, lr: float = 0.1, start_factor: float = 1.0, end_factor: float = 0.0, span: int = 100) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * (start_factor + (end_factor - start_factor) * min(k, span) / span)
