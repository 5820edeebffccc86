# Generated from the formula by: refopt generate signum --to torch
# Fingerprint of the formula: 1019da23cea14f796b881e8e358a4c04ddff32d792b23fcf50a5234fbd066061
"""The sign of the momentum.

    m     <- beta1*m + (1 - beta1)*g
    theta <- theta - lr*sign(m)

Source: Bernstein et al. 2018, Algorithm 2, arXiv:1802.04434.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the momentum; 0 <= beta1 < 1

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

from refopt.generated.torch._optimizer import RuleOptimizer, rounder, sign

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1"}


def outside(lr: float, beta1: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, beta1: float = 0.9
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m = state["m"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    beta1 = scalar(beta1)
    lr = scalar(lr)
    m = beta1 * m + one_minus_beta1 * g
    theta = theta - lr * sign(m)
    return theta, {"m": m}


class Signum(RuleOptimizer):
    """The sign of the momentum, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, beta1: float = 0.9) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1})
