# Generated from the formula by: refopt generate multi_step/after --to numpy
# Fingerprint of the formula: 9ef44f434b6b3c198eac115b47b00fbadbd040feb7976e7ad1473edb2ec48642
"""The rate falls by a factor one step after each milestone.

    lr_k <- lr*factor^count(k > milestones)

Source: He et al. 2016, section 4.2, divided by 10 at 32k and 48k iterations, arXiv:1512.03385.
Differs from multi_step: the rate of a milestone itself is still the one before it.

Hyperparameters:
    lr          learning rate at the start; 0 <= lr
    factor      what the rate is multiplied by; 0 <= factor
    milestones  steps at which the rate falls; one that stands twice counts twice; 0 <= milestones

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers, power

DOMAIN = {"lr": "0 <= lr", "factor": "0 <= factor", "milestones": "0 <= milestones"}


def outside(lr: float, factor: float, milestones: tuple[int, ...]) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (factor >= 0):
        return "factor"
    if not (all(entry >= 0 for entry in milestones) and len(milestones) > 0):
        return "milestones"
    return None


def rate(k: int, *, lr: float = 0.1, factor: float = 0.1, milestones: tuple[int, ...] = (30, 80)) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, factor = floats(lr, factor)
    milestones = integers(*milestones)
    return lr * power(factor, sum(k > entry for entry in milestones))
