# Generated from the formula by: refopt generate rmsprop/centered --to torch
# Fingerprint of the formula: 15f270f48626d3254a43c78f01a9d11cfec22c1caa7f7f010b1ed2507d03de14
"""RMSProp with the gradient's variance in place of its mean square.

    v     <- rho*v + (1 - rho)*g^2
    m     <- rho*m + (1 - rho)*g
    theta <- theta - lr * g / (sqrt(v - m^2) + eps)

Source: Graves 2013, equations (38) to (41), arXiv:1308.0850.
Differs from rmsprop: the squared mean of the gradient is taken off v.

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
    return {"v": torch.zeros_like(theta), "m": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    v, m = state["v"], state["m"]
    scalar = rounder(theta)
    one_minus_rho = scalar(1 - rho)
    rho = scalar(rho)
    lr = scalar(lr)
    eps = scalar(eps)
    v = rho * v + one_minus_rho * torch.square(g)
    m = rho * m + one_minus_rho * g
    theta = theta - lr * g / (torch.sqrt(v - torch.square(m)) + eps)
    return theta, {"v": v, "m": m}


class RmspropCentered(RuleOptimizer):
    """RMSProp with the gradient's variance in place of its mean square, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.001, rho: float = 0.9, eps: float = 1e-08) -> None:
        super().__init__(params, {"lr": lr, "rho": rho, "eps": eps})
