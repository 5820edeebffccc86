# Generated from the formula by: refopt generate one_cycle/two_lines --to torch
# Fingerprint of the formula: 8267b51d80ef02db34934071e7eb40653a724c8c31974fc3c78901912f8ffae1
"""A straight line up, and one down to far less.

    lr_k <- where(k < pct_start*total_steps - 1, lr / div_factor + (lr - lr / div_factor) * (k / (pct_start*total_steps
            - 1)), lr + (lr / div_factor / final_div_factor - lr) * ((k - (pct_start*total_steps - 1)) / (total_steps -
            1 - (pct_start*total_steps - 1))))

Source: Smith & Topin 2018, section 3, the 1cycle policy, arXiv:1708.07120.
Source: Smith 2018, section 4.2, a cycle smaller than the run, then several orders of magnitude less, arXiv:1803.09820.
Differs from one_cycle: one way down in place of two.

Hyperparameters:
    lr                highest learning rate; 0 <= lr
    total_steps       steps in all; 2 <= total_steps
    pct_start         share of the steps that the way up takes; 0 < pct_start < 1
    div_factor        the highest rate over the first; 0 < div_factor
    final_div_factor  the first rate over the last; 0 < final_div_factor

The rate is formed in binary64; integers stay exact. With torch: LambdaLR(optimizer, lambda k: rate(k, lr=lr) / lr).
"""

from __future__ import annotations


def rate(
    k: int, *, lr: float = 0.1, total_steps: int = 100, pct_start: float = 0.3, div_factor: float = 25.0, final_div_factor: float = 10000.0
) -> float:
    """The learning rate of step k = 0, 1, 2, ..."""
    return lr / div_factor + (lr - lr / div_factor) * (k / (pct_start * total_steps - 1)) if k < pct_start * total_steps - 1 else lr + (lr / div_factor / final_div_factor - lr) * ((k - (pct_start * total_steps - 1)) / (total_steps - 1 - (pct_start * total_steps - 1)))
