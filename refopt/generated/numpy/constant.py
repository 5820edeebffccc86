# Generated from the formula by: refopt generate constant --to numpy
# Fingerprint of the formula: 79ece0cc106b1faf700920f72f2abc4186d9f4abadcf43af86092ada2885f9e1
"""The same rate at every step.

    lr_k <- lr

Source: Robbins & Monro 1951, the fixed rate that their conditions exclude, doi:10.1214/aoms/1177729586.

Hyperparameters:
    lr  learning rate at the start; 0 <= lr

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats

DOMAIN = {"lr": "0 <= lr"}


def outside(lr: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    return None


def rate(k: int, *, lr: float = 0.1) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    counter(k, 0)
    (lr,) = floats(lr)
    return lr
