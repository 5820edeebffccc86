# Generated from the formula by: refopt generate piecewise_linear/cosine --to torch
# Fingerprint of the formula: dc5efcd8003b763849d727fcb9ad44cb7894d6b8c13e2c6e7a37091b90510455
"""Half cosines from the first rate to a multiple of it, and from there to a multiple of that.

    lr_k <- lr*(1 + (scale_1 - 1) * ((1 - cos(pi * (min(k, length_1) / length_1))) / 2))*(1 + (scale_2 - 1) * ((1 -
            cos(pi * (max(min(k - length_1, length_2), 0) / length_2))) / 2))

Source: DeepMind et al. 2020, optax.piecewise_interpolate_schedule with two boundaries, github.com/google-deepmind/optax.
Differs from piecewise_linear: half cosines in place of straight lines.

Hyperparameters:
    lr        learning rate at the start; 0 <= lr
    length_1  steps of the first line; 1 <= length_1
    scale_1   the rate after the first line over the first rate; 0 <= scale_1
    length_2  steps of the second line; 1 <= length_2
    scale_2   the last rate over the one after the first line; 0 <= scale_2

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

import math


def rate(k: int, *, lr: float = 0.1, length_1: int = 30, scale_1: float = 0.1, length_2: int = 50, scale_2: float = 0.01) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * (1 + (scale_1 - 1) * ((1 - math.cos(math.pi * (min(k, length_1) / length_1))) / 2)) * (1 + (scale_2 - 1) * ((1 - math.cos(math.pi * (max(min(k - length_1, length_2), 0) / length_2))) / 2))
