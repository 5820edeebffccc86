# Generated from the formula by: refopt generate ftrl --to torch
# Fingerprint of the formula: c0425f3e956689719326822a97a053f9a57adc3c6cb7cf1828eee1a267bb374f
"""The leader of all gradients so far, regularized: exact zeros where they say little.

    n_before <- n
    n        <- n + g^2
    z        <- z + g - (sqrt(n) - sqrt(n_before)) / lr * theta
    theta    <- -(z - max(-l1, min(l1, z))) / ((beta + sqrt(n)) / lr + l2)

Source: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200.

Hyperparameters:
    lr    step size; 0 < lr
    l1    strength of the penalty on the size; 0 <= l1
    l2    strength of the penalty on the square; 0 <= l2
    beta  what the rate is smoothed by; 0 <= beta
    s0    what the sum of squares starts from; 0 <= s0

`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a
torch.optim.Optimizer, in place, with its own step count for each parameter; it refuses hyperparameters outside their
domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. torch rounds + - * / as every other
backend does, its sqrt not always.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from refopt.generated.torch._optimizer import RuleOptimizer, larger, rounder, smaller

DOMAIN = {"lr": "0 < lr", "l1": "0 <= l1", "l2": "0 <= l2", "beta": "0 <= beta", "s0": "0 <= s0"}


def outside(lr: float, l1: float, l2: float, beta: float, s0: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr > 0):
        return "lr"
    if not (l1 >= 0):
        return "l1"
    if not (l2 >= 0):
        return "l2"
    if not (beta >= 0):
        return "beta"
    if not (s0 >= 0):
        return "s0"
    return None


def init(theta: Tensor, *, s0: float = 0.0) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"z": torch.zeros_like(theta), "n": torch.zeros_like(theta) + scalar(s0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, l1: float = 0.0, l2: float = 0.0, beta: float = 1.0, s0: float = 0.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    z, n = state["z"], state["n"]
    scalar = rounder(theta)
    coefficient_of_l1 = scalar(-l1)
    lr = scalar(lr)
    l1 = scalar(l1)
    beta = scalar(beta)
    l2 = scalar(l2)
    n_before = n
    n = n + torch.square(g)
    z = z + g - (torch.sqrt(n) - torch.sqrt(n_before)) / lr * theta
    theta = -((z - larger(coefficient_of_l1, smaller(l1, z))) / ((beta + torch.sqrt(n)) / lr + l2))
    return theta, {"z": z, "n": n}


class Ftrl(RuleOptimizer):
    """The leader of all gradients so far, regularized: exact zeros where they say little, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("s0",)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.001, l1: float = 0.0, l2: float = 0.0, beta: float = 1.0, s0: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": lr, "l1": l1, "l2": l2, "beta": beta, "s0": s0})
