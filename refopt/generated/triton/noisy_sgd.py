# Generated from the formula by: refopt generate noisy_sgd --to triton
# Fingerprint of the formula: 4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff
"""A step against the gradient with noise that fades.

    theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)

Source: Neelakantan et al. 2015, section 2, the variance eta/(1 + t)^gamma, t from 0, arXiv:1511.06807.

Hyperparameters:
    lr              step size; 0 <= lr
    noise_variance  variance of the first noise; 0 <= noise_variance
    noise_decay     how fast the variance falls; 0 <= noise_decay

Given beside the gradient:
    noise  noise: drawn anew at each update, of variance 1

float64 and float32, contiguous tensors on a GPU, theta and the state in place in one kernel. Scalars are formed in
binary64 and rounded once. Products and sums are not contracted, roots and quotients are rounded to nearest: bits are
those of every other backend where only + - * / sqrt are used.
"""

from __future__ import annotations

import math

import triton
import triton.language as tl
from torch import Tensor

from refopt.generated.triton._launch import check, launch


@triton.jit
def noisy_sgd_kernel(theta_at, g_at, noise_at, scalars_at, n, BLOCK: tl.constexpr):
    """One update of BLOCK elements, in place."""
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    inside = i < n
    root_of_coefficient_of_noise_variance_and_t_and_noise_decay = tl.load(scalars_at + 0)
    lr = tl.load(scalars_at + 1)
    theta = tl.load(theta_at + i, mask=inside, other=0)
    g = tl.load(g_at + i, mask=inside, other=0)
    noise = tl.load(noise_at + i, mask=inside, other=0)
    theta = theta - lr * (g + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise)
    tl.store(theta_at + i, theta, mask=inside)


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {}


def step(
    theta: Tensor, g: Tensor, noise: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, noise_variance: float = 0.01, noise_decay: float = 0.55
) -> None:
    """Update t = 1, 2, ... of theta and the state, in place; g is the gradient at theta."""
    check(theta, {"g": g, "noise": noise})
    scalars = [
        math.sqrt(noise_variance / math.pow(t, noise_decay)),  # root_of_coefficient_of_noise_variance_and_t_and_noise_decay
        lr,
    ]
    launch(noisy_sgd_kernel, [theta, g, noise], scalars)
