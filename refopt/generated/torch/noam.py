# Generated from the formula by: refopt generate noam --to torch
# Fingerprint of the formula: f15b4838180a736512fda5e7077b927baa8f82a4944d2668ccff6ed7e6c0acab
"""A linear rise, then one over the root of the step.

    lr_k <- lr / sqrt(model_size) * min(1 / sqrt(k + 1), (k + 1) / (warmup_steps*sqrt(warmup_steps)))

Source: Vaswani et al. 2017, equation (3); step_num counts from 1, arXiv:1706.03762.

Hyperparameters:
    lr            factor of the whole; 1 in the paper; 0 <= lr
    model_size    width of the model; 1 <= model_size
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 1.0, model_size: int = 512, warmup_steps: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr / math.sqrt(model_size) * min(1 / math.sqrt(k + 1), (k + 1) / (warmup_steps * math.sqrt(warmup_steps)))
