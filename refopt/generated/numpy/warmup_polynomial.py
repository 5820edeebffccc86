# Generated from the formula by: refopt generate warmup+polynomial --to numpy
# Fingerprint of the formula: 8c39bed034d4fd1e0f7ccaad21f6e4440fc915a1c66ff8e9b0ff5d0258a97144
"""A linear rise, then: a power of the share of the steps that is left, then constant.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr_min + (lr - lr_min)*(1
            - min(k - warmup_steps, span) / span)^degree)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Chen et al. 2018, section 4.1, the poly policy, arXiv:1606.00915.
Source: Liu et al. 2015, section 4, the multiplier (1 - iter/max_iter)^degree, arXiv:1506.04579.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    lr_min        learning rate at the end; 0 <= lr_min
    span          steps from the first rate to the last; 1 <= span
    degree        power of what is left; 1 is a straight line; 0 < degree
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "degree": "0 < degree", "warmup_start": "0 <= warmup_start", "warmup_steps": "1 <= warmup_steps"}


def outside(lr: float, lr_min: float, span: int, degree: float, warmup_start: float, warmup_steps: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (degree > 0):
        return "degree"
    if not (warmup_start >= 0):
        return "warmup_start"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    return None


def rate(
    k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, degree: float = 1.0, warmup_start: float = 0.0, warmup_steps: int = 10
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, degree, warmup_start = floats(lr, lr_min, degree, warmup_start)
    span, warmup_steps = integers(span, warmup_steps)
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else lr_min + (lr - lr_min) * math.pow(1 - min(k - warmup_steps, span) / span, degree)
