# Generated from the formula by: refopt generate noisy_sgd --to inplace
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

`update` changes theta and the state in place, element by element: blocks of the arrays may be updated in any order, or
at the same time. Arrays of one format and shape, scratch buffers too, that do not overlap; nothing is checked.
`scalars` forms what is scalar in update t in binary64; its argument `scalar` rounds it once to the arrays' format.
`outside` names a hyperparameter outside its domain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.generated.numpy._arguments import Array

RULE = "noisy_sgd"
FINGERPRINT = "4ae9bb4e97270e0906b7bbc70679d74a0a434f246a014a745c5cd9e6973c46ff"
HYPER: dict[str, float] = {"lr": 0.01, "noise_variance": 0.01, "noise_decay": 0.55}
DOMAIN = {"lr": "0 <= lr", "noise_variance": "0 <= noise_variance", "noise_decay": "0 <= noise_decay"}
INTEGERS: tuple[str, ...] = ()
INITIAL: tuple[str, ...] = ()
INPUTS: tuple[str, ...] = ("noise",)
STATE: tuple[str, ...] = ()
SCRATCH = 1


def outside(lr: float, noise_variance: float, noise_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (noise_variance >= 0):
        return "noise_variance"
    if not (noise_decay >= 0):
        return "noise_decay"
    return None


def init(theta: Array) -> None:
    """The state before the first update, into the arrays given."""


def scalars(t: int, scalar: Callable[[float], Any], lr: float, noise_variance: float, noise_decay: float) -> tuple[Any, ...]:
    """What is scalar in update t = 1, 2, ..., as `update` takes it."""
    root_of_coefficient_of_noise_variance_and_t_and_noise_decay = scalar(math.sqrt(noise_variance / math.pow(t, noise_decay)))
    return (root_of_coefficient_of_noise_variance_and_t_and_noise_decay, scalar(lr))


def update(
    theta: Array, g: Array, noise: Array, a: Array, root_of_coefficient_of_noise_variance_and_t_and_noise_decay: Any, lr: Any
) -> None:
    """Update a block of theta and of the state; g is the gradient at theta."""
    # theta <- theta - lr*(g + sqrt(noise_variance / t^noise_decay)*noise)
    np.multiply(root_of_coefficient_of_noise_variance_and_t_and_noise_decay, noise, out=a)
    np.add(g, a, out=a)
    np.multiply(lr, a, out=a)
    np.subtract(theta, a, out=theta)
