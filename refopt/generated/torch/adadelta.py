# Generated from the formula by: refopt generate adadelta --to torch
# Fingerprint of the formula: 6824728aa6bb8e06ab8d6a200fec95338a2b864310c59cd80024a8ce7afde71e
"""Steps in the units of the parameters: as long as the last ones were.

    s     <- rho*s + (1 - rho)*g^2
    d     <- sqrt(u + eps) / sqrt(s + eps) * g
    u     <- rho*u + (1 - rho)*d^2
    theta <- theta - lr*d

Source: Zeiler 2012, Algorithm 1, times a rate that is 1 there, arXiv:1212.5701.

Hyperparameters:
    lr   step size; 0 <= lr
    rho  decay of the mean square; 0 <= rho < 1
    eps  keeps the division finite; 0 <= eps

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

DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps"}


def outside(lr: float, rho: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (rho >= 0 and rho < 1):
        return "rho"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"s": torch.zeros_like(theta), "u": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-06
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    s, u = state["s"], state["u"]
    scalar = rounder(theta)
    one_minus_rho = scalar(1 - rho)
    rho = scalar(rho)
    eps = scalar(eps)
    lr = scalar(lr)
    s = rho * s + one_minus_rho * torch.square(g)
    d = torch.sqrt(u + eps) / torch.sqrt(s + eps) * g
    u = rho * u + one_minus_rho * torch.square(d)
    theta = theta - lr * d
    return theta, {"s": s, "u": u}


class Adadelta(RuleOptimizer):
    """Steps in the units of the parameters: as long as the last ones were, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 1.0, rho: float = 0.9, eps: float = 1e-06) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps})
