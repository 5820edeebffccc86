# Generated from the formula by: refopt generate wsd/root --to torch
# Fingerprint of the formula: a85202e3a0e8137f6304549cfaa74d7671fc6260aaac6f7e8cffab7834f4cd92
"""A linear rise, a constant rate, then a fall by the root of the steps.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k < warmup_steps +
            stable_steps, lr, lr_min + (lr - lr_min)*(1 - sqrt(min(k - warmup_steps - stable_steps, span) / span))))

Source: Haegele et al. 2024, section 3, cooldown: linear, and 1 - sqrt, arXiv:2405.18392.
Source: Hu et al. 2024, section 4.2, the WSD scheduler, arXiv:2404.06395.
Differs from wsd: falls by the square root of the share that is done.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps
    stable_steps  steps at the whole rate; 1 <= stable_steps
    span          steps of the fall; 1 <= span

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, warmup_start: float = 0.0, warmup_steps: int = 10, stable_steps: int = 10, span: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else (lr if k < warmup_steps + stable_steps else lr_min + (lr - lr_min) * (1 - math.sqrt(min(k - warmup_steps - stable_steps, span) / span)))
