# Generated from the formula by: refopt generate adagrad --to torch
# Fingerprint of the formula: 40d4a87244d8343f514ecfe92c33b846de27ebe7cdf1bddf201160d0e4d289e2
"""A rate for each element, falling with the sum of its squared gradients.

    s     <- s + g^2
    theta <- theta - lr * g / (sqrt(s) + eps)

Source: Duchi, Hazan & Singer 2011, Figure 1 with diagonal matrices; delta is eps, JMLR 12:2121-2159.

Hyperparameters:
    lr   step size; 0 <= lr
    eps  keeps the division finite; 0 <= eps
    s0   what the sum of squares starts from; 0 <= s0

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

DOMAIN = {"lr": "0 <= lr", "eps": "0 <= eps", "s0": "0 <= s0"}


def outside(lr: float, eps: float, s0: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (eps >= 0):
        return "eps"
    if not (s0 >= 0):
        return "s0"
    return None


def init(theta: Tensor, *, s0: float = 0.0) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"s": torch.zeros_like(theta) + scalar(s0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    s = state["s"]
    scalar = rounder(theta)
    lr = scalar(lr)
    eps = scalar(eps)
    s = s + torch.square(g)
    theta = theta - lr * g / (torch.sqrt(s) + eps)
    return theta, {"s": s}


class Adagrad(RuleOptimizer):
    """A rate for each element, falling with the sum of its squared gradients, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("s0",)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, eps: float = 1e-10, s0: float = 0.0) -> None:
        super().__init__(params, {"lr": lr, "eps": eps, "s0": s0})
