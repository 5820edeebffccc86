# Generated from the formula by: refopt generate asgd --to torch
# Fingerprint of the formula: 814eae7222691d981188f7a85db51b4eda15562f266dfc94a2cfcf6930f5c0a0
"""Gradient descent with a falling rate, and the average of its parameters.

    eta   <- lr / (1 + lambd*lr*(t - 1))^alpha
    mu    <- 1 / max(1, t - 1 - averaged_after)
    theta <- theta*(1 - lambd*eta) - eta*g
    ax    <- ax + mu*(theta - ax)

Source: Polyak & Juditsky 1992, the average of the iterates, doi:10.1137/0330046.
Source: Xu 2011, the rate lr/(1 + lambda*lr*t)^alpha, and averaging from t0 on, arXiv:1107.2490.

Hyperparameters:
    lr              step size; 0 <= lr
    lambd           decay of the weights, and of the rate; 0 <= lambd
    alpha           exponent of the fall of the rate; 0 <= alpha
    averaged_after  the update after which the average begins; 0 <= averaged_after

`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a
torch.optim.Optimizer, in place, with its own step count for each parameter; it refuses hyperparameters outside their
domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. torch rounds + - * / as every other
backend does, its sqrt not always.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from refopt.generated.torch._optimizer import RuleOptimizer, rounder

DOMAIN = {"lr": "0 <= lr", "lambd": "0 <= lambd", "alpha": "0 <= alpha", "averaged_after": "0 <= averaged_after"}


def outside(lr: float, lambd: float, alpha: float, averaged_after: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (lambd >= 0):
        return "lambd"
    if not (alpha >= 0):
        return "alpha"
    if not (averaged_after >= 0):
        return "averaged_after"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"ax": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    ax = state["ax"]
    eta = lr / math.pow(1 + lambd * lr * (t - 1), alpha)
    mu = 1 / max(1, t - 1 - averaged_after)
    scalar = rounder(theta)
    complement = scalar(1 - lambd * eta)
    eta = scalar(eta)
    mu = scalar(mu)
    theta = theta * complement - eta * g
    ax = ax + mu * (theta - ax)
    return theta, {"ax": ax}


class Asgd(RuleOptimizer):
    """Gradient descent with a falling rate, and the average of its parameters, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.01, lambd: float = 0.0001, alpha: float = 0.75, averaged_after: float = 1000000.0
    ) -> None:
        super().__init__(params, {"lr": lr, "lambd": lambd, "alpha": alpha, "averaged_after": averaged_after})
