# Generated from the formula by: refopt generate multi_step/before --to torch
# Fingerprint of the formula: 599217eb95ce544034836fbbc68f15cdbbb4b0b3a936e1af88efd5540f41167e
"""The rate falls by a factor one step before each milestone.

    lr_k <- lr*factor^count(k + 1 >= milestones)

Source: He et al. 2016, section 4.2, divided by 10 at 32k and 48k iterations, arXiv:1512.03385.
Differs from multi_step: the step before a milestone has fallen already.

Hyperparameters:
    lr          learning rate at the start; 0 <= lr
    factor      what the rate is multiplied by; 0 <= factor
    milestones  steps at which the rate falls; one that stands twice counts twice; 0 <= milestones

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations

from refopt.generated.torch._optimizer import power


def rate(k: int, *, lr: float = 0.1, factor: float = 0.1, milestones: tuple[int, ...] = (30, 80)) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr * power(factor, sum(k + 1 >= entry for entry in milestones))
