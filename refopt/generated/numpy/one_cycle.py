# Generated from the formula by: refopt generate one_cycle --to numpy
# Fingerprint of the formula: 233b9dc888ce753b62502bc4f13fe489e174f37ec835fd730d4d8da37546d42a
"""A straight line up, as long a one down, and one on to far less.

    lr_k <- where(k < pct_start*total_steps - 1, lr / div_factor + (lr - lr / div_factor) * (k / (pct_start*total_steps
            - 1)), where(k < 2*pct_start*total_steps - 2, lr + (lr / div_factor - lr) * ((k - (pct_start*total_steps -
            1)) / (2*pct_start*total_steps - 2 - (pct_start*total_steps - 1))), lr / div_factor + (lr / div_factor /
            final_div_factor - lr / div_factor) * ((k - (2*pct_start*total_steps - 2)) / (total_steps - 1 -
            (2*pct_start*total_steps - 2)))))

Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.

Hyperparameters:
    lr                highest learning rate; 0 <= lr
    total_steps       steps in all; 2 <= total_steps
    pct_start         share of the steps that the way up takes; 0 < pct_start and 2*pct_start <= 1
    div_factor        the highest rate over the first; 0 < div_factor
    final_div_factor  the first rate over the last; 0 < final_div_factor

The rate is formed in binary64; integers stay exact. `outside` names a hyperparameter outside its domain; `rate` does
not look.
"""

from __future__ import annotations

from refopt.generated.numpy._arguments import counter, floats, integers

DOMAIN = {"lr": "0 <= lr", "total_steps": "2 <= total_steps", "pct_start": "0 < pct_start and 2*pct_start <= 1", "div_factor": "0 < div_factor", "final_div_factor": "0 < final_div_factor"}


def outside(lr: float, total_steps: int, pct_start: float, div_factor: float, final_div_factor: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (total_steps >= 2):
        return "total_steps"
    if not (pct_start > 0 and 2 * pct_start <= 1):
        return "pct_start"
    if not (div_factor > 0):
        return "div_factor"
    if not (final_div_factor > 0):
        return "final_div_factor"
    return None


def rate(
    k: int, *, lr: float = 0.1, total_steps: int = 100, pct_start: float = 0.3, div_factor: float = 25.0, final_div_factor: float = 10000.0
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    k = counter(k, 0)
    lr, pct_start, div_factor, final_div_factor = floats(lr, pct_start, div_factor, final_div_factor)
    (total_steps,) = integers(total_steps)
    return lr / div_factor + (lr - lr / div_factor) * (k / (pct_start * total_steps - 1)) if k < pct_start * total_steps - 1 else (lr + (lr / div_factor - lr) * ((k - (pct_start * total_steps - 1)) / (2 * pct_start * total_steps - 2 - (pct_start * total_steps - 1))) if k < 2 * pct_start * total_steps - 2 else lr / div_factor + (lr / div_factor / final_div_factor - lr / div_factor) * ((k - (2 * pct_start * total_steps - 2)) / (total_steps - 1 - (2 * pct_start * total_steps - 2))))
