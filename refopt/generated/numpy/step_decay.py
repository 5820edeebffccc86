# Generated from the formula by: refopt generate step_decay --to numpy
# Fingerprint of the formula: c0b54afa81e13b3492dff426cae7a5939da3ed094eb5c8d74c6af147f3bb0c60
"""The rate falls by a factor every N epochs.

    lr_k <- lr*factor^floor(k / every)

Source: Ge et al. 2019, Algorithm 1, the step decay schedule, arXiv:1904.12838.
Source: Szegedy et al. 2015, section 6, 4 percent less every 8 epochs, arXiv:1409.4842.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by; 0 <= factor
    every   epochs between two falls; 1 <= every

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers, power

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor", "every": "1 <= every"}


def outside(lr: float, factor: float, every: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0):
        return "factor"
    if not (every >= 1):
        return "every"
    return None


def rate(k: int, *, lr: float = 0.1, factor: float = 0.1, every: int = 30) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor = floats(lr, factor)
    (every,) = integers(every)
    return lr * power(factor, k // every)
