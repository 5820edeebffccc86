# Generated from the formula by: refopt generate warmup+cosine_waves --to numpy
# Fingerprint of the formula: 8050dbaaa7d5a8b5dcb59469779002826bc00170659a45cd2f7c76079f6671c6
"""A linear rise, then: a cosine down to the last rate and up again, so many times in the span, and on.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min) *
            (1 + cos(2 * waves * pi * (k - warmup_steps) / span)) / 2)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end of the period; 0 <= lr_min
    span          steps from the first rate to the last; 1 <= span
    waves         waves in the whole span, each down and up again; half of one only falls; 0 < waves
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "waves": "0 < waves", "warmup_start": "0 <= warmup_start", "warmup_steps": "1 <= warmup_steps"}


def outside(lr: float, lr_min: float, span: int, waves: float, warmup_start: float, warmup_steps: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (waves > 0):
        return "waves"
    if not (warmup_start >= 0):
        return "warmup_start"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    return None


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, waves: float = 1.0, warmup_start: float = 0.0, warmup_steps: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, waves, warmup_start = floats(lr, lr_min, waves, warmup_start)
    span, warmup_steps = integers(span, warmup_steps)
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else lr_min + (lr - lr_min) * (1 + math.cos(2 * waves * math.pi * (k - warmup_steps) / span)) / 2
