# Generated from the formula by: refopt generate constant_factor --to numpy
# Fingerprint of the formula: ab8e0412ded0986e18661c43cbe1682cb82756952f96836ca1a206d157956cf5
"""A share of the rate for some steps, then the whole.

    lr_k <- where(k < span, lr*factor, lr)

Source: Goyal et al. 2017, section 2.2, constant warm-up, arXiv:1706.02677.

Hyperparameters:
    lr      learning rate at the start; 0 <= lr
    factor  what the rate is multiplied by at first; 0 <= factor
    span    steps with a share of the rate; 1 <= span

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor", "span": "1 <= span"}


def outside(lr: float, factor: float, span: int) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0):
        return "factor"
    if not (span >= 1):
        return "span"
    return None


def rate(k: int, *, lr: float = 0.1, factor: float = 0.1, span: int = 5) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor = floats(lr, factor)
    (span,) = integers(span)
    return lr * factor if k < span else lr
