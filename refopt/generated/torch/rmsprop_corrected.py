# Generated from the formula by: refopt generate rmsprop/corrected --to torch
# Fingerprint of the formula: 8ff942467b57602a474ea4c57abf7aa6d5c0f0d5daca4f47bb7ef441ec9b944c
"""RMSProp with bias correction.

    v     <- rho*v + (1 - rho)*g^2
    v_hat <- v / (1 - rho^t)
    theta <- theta - lr * g / (sqrt(v_hat) + eps)

Source: Tieleman & Hinton 2012, lecture 6e, slide 29, COURSERA: Neural Networks for Machine Learning.
Differs from rmsprop: the mean square is corrected for its start at 0.

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

from refopt.generated.torch._optimizer import RuleOptimizer, power, rounder

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
    return {"v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    v = state["v"]
    scalar = rounder(theta)
    one_minus_rho = scalar(1 - rho)
    bias_correction_rho = scalar(1 - power(rho, t))
    rho = scalar(rho)
    lr = scalar(lr)
    eps = scalar(eps)
    v = rho * v + one_minus_rho * torch.square(g)
    v_hat = v / bias_correction_rho
    theta = theta - lr * g / (torch.sqrt(v_hat) + eps)
    return theta, {"v": v}


class RmspropCorrected(RuleOptimizer):
    """RMSProp with bias correction, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps})
