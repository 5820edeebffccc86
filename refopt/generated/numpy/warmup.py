# Generated from the formula by: refopt generate warmup --to numpy
# Fingerprint of the formula: d5c1b4a3f4d07666b9a01768bbe340870b0ca4e1b855288e9c48b6f721a2a54b
"""A linear rise, then: the same rate at every step.

    lr_k <- where(k < warmup_steps, lr*(warmup_start + (1 - warmup_start) * k / warmup_steps), lr)

Source: Goyal et al. 2017, section 2.2, gradual warm-up, arXiv:1706.02677.
Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.

Hyperparameters:
    lr            learning rate at the start; 0 <= lr
    warmup_start  share of the first rate at step 0; 0 <= warmup_start
    warmup_steps  steps of the rise; 1 <= warmup_steps

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "warmup_start": "0 <= warmup_start", "warmup_steps": "1 <= warmup_steps"}


def outside(lr: float, warmup_start: float, warmup_steps: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (warmup_start >= 0):
        return "warmup_start"
    if not (warmup_steps >= 1):
        return "warmup_steps"
    return None


def rate(k: int, *, lr: float = 0.1, warmup_start: float = 0.0, warmup_steps: int = 10) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, warmup_start = floats(lr, warmup_start)
    (warmup_steps,) = integers(warmup_steps)
    return lr * (warmup_start + (1 - warmup_start) * k / warmup_steps) if k < warmup_steps else lr
