# Generated from the formula by: refopt generate radam --to torch
# Fingerprint of the formula: 81fc23929dd85727f660db9a0679ec72973320676e830915dbf1c8aea88c2424
"""Adam whose first steps are those of momentum.

    m       <- beta1*m + (1 - beta1)*g
    v       <- beta2*v + (1 - beta2)*g^2
    rho_inf <- 2 / (1 - beta2) - 1
    rho_t   <- rho_inf - 2 * t * beta2^t / (1 - beta2^t)
    r       <- where(rho_t > 5, sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4)*(rho_inf - 2)*rho_t)), 1)
    m_hat   <- m / (1 - beta1^t)
    theta   <- theta - lr*where(rho_t > 5, r * m_hat * sqrt(1 - beta2^t) / (sqrt(v) + eps), m_hat)

Source: Liu et al. 2020, Algorithm 2, with the threshold 5 of the authors' code, eps added to the root of v, arXiv:1908.03265.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps

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
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    rho_inf = 2 / (1 - beta2) - 1
    rho_t = rho_inf - 2 * t * power(beta2, t) / (1 - power(beta2, t))
    r = math.sqrt((rho_t - 4) * (rho_t - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho_t)) if rho_t > 5 else 1
    scalar = rounder(theta)
    condition = rho_t > 5
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    root_of_bias_correction2 = scalar(math.sqrt(1 - power(beta2, t))) if rho_t > 5 else scalar(0)
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    r = scalar(r)
    eps = scalar(eps)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * torch.square(g)
    m_hat = m / bias_correction1  # t counts updates from 1
    theta = theta - lr * (r * m_hat * root_of_bias_correction2 / (torch.sqrt(v) + eps) if condition else m_hat)
    return theta, {"m": m, "v": v}


class Radam(RuleOptimizer):
    """Adam whose first steps are those of momentum, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps})
