# Generated from the formula by: refopt generate piecewise_linear --to numpy
# Fingerprint of the formula: c1675a9f4b4ac18c9eda9f81f471ccd6b2352f32f1a33a18158f0a7f6a6cddb3
"""Straight lines from the first rate to a multiple of it, and from there to a multiple of that, then constant.

    lr_k <- lr*(1 + (scale_1 - 1) * (min(k, length_1) / length_1))*(1 + (scale_2 - 1) * (max(min(k - length_1,
            length_2), 0) / length_2))

Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.

Hyperparameters:
    lr        learning rate at the start; 0 <= lr
    length_1  steps of the first line; 1 <= length_1
    scale_1   the rate after the first line over the first rate; 0 <= scale_1
    length_2  steps of the second line; 1 <= length_2
    scale_2   the last rate over the one after the first line; 0 <= scale_2

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "length_1": "1 <= length_1", "scale_1": "0 <= scale_1", "length_2": "1 <= length_2", "scale_2": "0 <= scale_2"}


def outside(lr: float, length_1: int, scale_1: float, length_2: int, scale_2: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (length_1 >= 1):
        return "length_1"
    if not (scale_1 >= 0):
        return "scale_1"
    if not (length_2 >= 1):
        return "length_2"
    if not (scale_2 >= 0):
        return "scale_2"
    return None


def rate(k: int, *, lr: float = 0.1, length_1: int = 30, scale_1: float = 0.1, length_2: int = 50, scale_2: float = 0.01) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, scale_1, scale_2 = floats(lr, scale_1, scale_2)
    length_1, length_2 = integers(length_1, length_2)
    return lr * (1 + (scale_1 - 1) * (min(k, length_1) / length_1)) * (1 + (scale_2 - 1) * (max(min(k - length_1, length_2), 0) / length_2))
