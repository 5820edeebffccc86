# Generated from the formula by: refopt generate cosine_waves --to numpy
# Fingerprint of the formula: 640affb9c81e3b54aba9db614a284f31efe71d5ddc33eb2b1c6cfdf5f3566093
"""A cosine down to the last rate and up again, so many times in the span, and on.

    lr_k <- lr_min + (lr - lr_min) * (1 + cos(2 * waves * pi * k / span)) / 2

Source: Wolf et al. 2020, transformers.get_cosine_schedule_with_warmup: num_cycles, the number of waves, arXiv:1910.03771.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    lr_min  learning rate at the end of the period; 0 <= lr_min
    span    steps from the first rate to the last; 1 <= span
    waves   waves in the whole span, each down and up again; half of one only falls; 0 < waves

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

import math

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "lr_min": "0 <= lr_min", "span": "1 <= span", "waves": "0 < waves"}


def outside(lr: float, lr_min: float, span: int, waves: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lr_min >= 0):
        return "lr_min"
    if not (span >= 1):
        return "span"
    if not (waves > 0):
        return "waves"
    return None


def rate(k: int, *, lr: float = 0.1, lr_min: float = 0.0, span: int = 100, waves: float = 1.0) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, lr_min, waves = floats(lr, lr_min, waves)
    (span,) = integers(span)
    return lr_min + (lr - lr_min) * (1 + math.cos(2 * waves * math.pi * k / span)) / 2
