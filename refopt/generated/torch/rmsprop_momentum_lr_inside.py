# Generated from the formula by: refopt generate rmsprop/momentum_lr_inside --to torch
# Fingerprint of the formula: 8b04cca563c4707e08c58def4ae3fe609b17e8b1148a42d8e32cbe3c9f4dd287
"""RMSProp with momentum, the rate inside the velocity, epsilon under the root.

    v     <- rho*v + (1 - rho)*g^2
    b     <- momentum*b + lr * g / sqrt(v + eps)
    theta <- theta - b

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: a velocity of the steps; eps under the root.

Hyperparameters:
    lr        step size; 0 <= lr
    rho       decay of the mean square; 0 <= rho < 1
    eps       keeps the division finite; 0 <= eps
    momentum  share of the velocity that is kept; 0 <= momentum < 1

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

DOMAIN = {"lr": "0 <= lr", "rho": "0 <= rho < 1", "eps": "0 <= eps", "momentum": "0 <= momentum < 1"}


def outside(lr: float, rho: float, eps: float, momentum: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (rho >= 0 and rho < 1):
        return "rho"
    if not (eps >= 0):
        return "eps"
    if not (momentum >= 0 and momentum < 1):
        return "momentum"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"v": torch.zeros_like(theta), "b": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08, momentum: float = 0.9
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    v, b = state["v"], state["b"]
    scalar = rounder(theta)
    one_minus_rho = scalar(1 - rho)
    rho = scalar(rho)
    momentum = scalar(momentum)
    lr = scalar(lr)
    eps = scalar(eps)
    v = rho * v + one_minus_rho * torch.square(g)
    b = momentum * b + lr * g / torch.sqrt(v + eps)
    theta = theta - b
    return theta, {"v": v, "b": b}


class RmspropMomentumLrInside(RuleOptimizer):
    """RMSProp with momentum, the rate inside the velocity, epsilon under the root, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08, momentum: float = 0.9) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps, "momentum": momentum})
