# Generated from the formula by: refopt generate wsd/cosine --to numpy
# Fingerprint of the formula: b788c4b9b309f6e4aee8e7ee5e46fd5900d2047451ac185b459bf8855dc29887
"""A linear rise, a constant rate, then half a cosine down to the last one.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), where(k < warmup_steps +
            stable_steps, lr, lr_min + (lr - lr_min) * ((1 + cos(pi * (min(k - warmup_steps - stable_steps, span) /
            span))) / 2)))

Source: Haegele et al. 2024, section 3, cooldown: linear, and 1 - sqrt, arXiv:2405.18392.
Source: Hu et al. 2024, section 4.2, the WSD scheduler, arXiv:2404.06395.
Differs from wsd: falls as half a cosine.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps
    stable_steps  steps at the whole rate; 1 <= stable_steps
    span          steps of the fall; 1 <= span

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "warmup_start": "0 <= warmup_start", "warmup_steps": "1 <= warmup_steps", "stable_steps": "1 <= stable_steps", "span": "1 <= span"}


def outside(lr: float, lr_min: float, warmup_start: float, warmup_steps: int, stable_steps: int, span: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (warmup_start >= 0):
        return "warmup_start"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    if not (stable_steps >= 1):
        return "stable_steps"
    if not (span >= 1):
        return "span"
    return None


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, warmup_start: float = 0.0, warmup_steps: int = 10, stable_steps: int = 10, span: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, warmup_start = floats(lr, lr_min, warmup_start)
    warmup_steps, stable_steps, span = integers(warmup_steps, stable_steps, span)
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else (lr if k < warmup_steps + stable_steps else lr_min + (lr - lr_min) * ((1 + math.cos(math.pi * (min(k - warmup_steps - stable_steps, span) / span))) / 2))
