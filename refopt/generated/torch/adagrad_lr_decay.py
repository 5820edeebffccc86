# Generated from the formula by: refopt generate adagrad/lr_decay --to torch
# Fingerprint of the formula: 0bb1cecd1ece37d7994aa87dfe0d86046d554b3c0a9606f8ad9bdf0a2bb882b2
"""Adagrad whose rate falls with the number of updates too.

    s     <- s + g^2
    theta <- theta - lr / (1 + (t - 1)*lr_decay) * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices, its rate divided by 1 + (t - 1)*lr_decay, JMLR 12:2121-2159.
Differs from adagrad: the rate is divided by 1 + (t - 1)*lr_decay.

Hyperparameters:
    lr        step size; 0 <= lr
    eps       keeps the division finite; 0 <= eps
    s0        what the sum of squares starts from; 0 <= s0
    lr_decay  how fast the rate itself falls; 0 <= lr_decay

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

from refopt.generated.torch._optimizer import RuleOptimizer, rounder

DOMAIN = {"lr": "0 <= lr", "eps": "0 <= eps", "s0": "0 <= s0", "lr_decay": "0 <= lr_decay"}


def outside(lr: float, eps: float, s0: float, lr_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eps >= 0):
        return "eps"
    if not (s0 >= 0):
        return "s0"
    if not (lr_decay >= 0):
        return "lr_decay"
    return None


def init(theta: Tensor, *, s0: float = 0.0) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"s": torch.zeros_like(theta) + scalar(s0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0, lr_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    s = state["s"]
    scalar = rounder(theta)
    step_size = scalar(lr / (1 + (t - 1) * lr_decay))
    eps = scalar(eps)
    s = s + torch.square(g)
    theta = theta - step_size * g / (torch.sqrt(s) + eps)
    return theta, {"s": s}


class AdagradLrDecay(RuleOptimizer):
    """Adagrad whose rate falls with the number of updates too, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("s0",)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0, lr_decay: float = 0.01) -> None:
        super().__init__(params, {"lr": lr, "eps": eps, "s0": s0, "lr_decay": lr_decay})
