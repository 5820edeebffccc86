# Generated from the formula by: refopt generate noisy_sgd --to torch
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

`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a
torch.optim.Optimizer, in place, with its own step count for each parameter; it refuses hyperparameters outside their
domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. torch rounds + - * / as every other
backend does, its sqrt not always.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from torch import Tensor

from refopt.generated.torch._optimizer import RuleOptimizer, rounder

DOMAIN = {"lr": "0 <= lr", "noise_variance": "0 <= noise_variance", "noise_decay": "0 <= noise_decay"}


def outside(lr: float, noise_variance: float, noise_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (noise_variance >= 0):
        return "noise_variance"
    if not (noise_decay >= 0):
        return "noise_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {}


def step(
    theta: Tensor, g: Tensor, noise: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, noise_variance: float = 0.01, noise_decay: float = 0.55
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    scalar = rounder(theta)
    root_of_coefficient_of_noise_variance_and_t_and_noise_decay = scalar(math.sqrt(noise_variance / math.pow(t, noise_decay)))
    lr = scalar(lr)
    theta = theta - lr * (g + root_of_coefficient_of_noise_variance_and_t_and_noise_decay * noise)
    return theta, {}


class NoisySgd(RuleOptimizer):
    """A step against the gradient with noise that fades, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    inputs = ("noise",)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, noise_variance: float = 0.01, noise_decay: float = 0.55) -> None:
        super().__init__(params, {"lr": lr, "noise_variance": noise_variance, "noise_decay": noise_decay})
