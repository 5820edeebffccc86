# Generated from the formula by: refopt generate warmup+exponential --to torch
# Fingerprint of the formula: 142fe13581fec2dc8781200bd87bf47d27b7d96bdb030a4ed642b6688c94b017
"""A linear rise, then: the rate falls by a factor at every step.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr*factor^(k -
            warmup_steps))

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Bottou 2012, section 5.2, the schedules that decay too fast, doi:10.1007/978-3-642-35289-8_25.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    factor        what the rate is multiplied by at each step; 0 <= factor
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

from refopt.generated.torch._optimizer import power


def rate(k: int, *, lr: float = 0.1, factor: float = 0.95, warmup_start: float = 0.0, warmup_steps: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else lr * power(factor, k - warmup_steps)
