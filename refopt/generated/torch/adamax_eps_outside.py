# Generated from the formula by: refopt generate adamax/eps_outside --to torch
# Fingerprint of the formula: e14b872988a308498da406d61908875b9d1973a74290f16207a9ac341b7c818a
"""AdaMax with epsilon beside the infinity norm.

    m     <- beta1*m + (1 - beta1)*g
    u     <- max(beta2*u, abs(g))
    theta <- theta - lr / (1 - beta1^t) * m / (u + eps)

Source: Kingma & Ba 2015, Algorithm 2, eps added to the divisor, arXiv:1412.6980.
Differs from adamax: eps outside the maximum.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the infinity norm; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps"}


def outside(lr: float, beta1: float, beta2: float, eps: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "u": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, u = state["m"], state["u"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    step_size = scalar(lr / (1 - power(beta1, t)))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    eps = scalar(eps)
    m = beta1 * m + one_minus_beta1 * g
    u = torch.maximum(beta2 * u, torch.abs(g))
    theta = theta - step_size * m / (u + eps)
    return theta, {"m": m, "u": u}


class AdamaxEpsOutside(RuleOptimizer):
    """AdaMax with epsilon beside the infinity norm, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps})
