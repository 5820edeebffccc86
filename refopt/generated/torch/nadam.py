# Generated from the formula by: refopt generate nadam --to torch
# Fingerprint of the formula: bcb2aecf11d88beb23246c94379d6d806a2dc8d0c4f93c122c5be6cf9be5e250
"""Adam with Nesterov momentum of a growing share.

    mu         <- beta1*(1 - 0.5*0.96^(t*momentum_decay))
    mu_next    <- beta1*(1 - 0.5*0.96^((t + 1)*momentum_decay))
    mu_product <- mu_product*mu
    m          <- beta1*m + (1 - beta1)*g
    v          <- beta2*v + (1 - beta2)*g^2
    v_hat      <- v / (1 - beta2^t)
    theta      <- theta - lr * ((1 - mu) / (1 - mu_product) * g + mu_next / (1 - mu_product*mu_next) * m) / (sqrt(v_hat)
            + eps)

Source: Dozat 2016, Algorithm 2, with a schedule of momenta, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.

Hyperparameters:
    lr              step size; 0 <= lr
    beta1           decay of the first moment; 0 <= beta1 < 1
    beta2           decay of the second moment; 0 <= beta2 < 1
    eps             keeps the division finite; 0 <= eps
    momentum_decay  how soon the momentum grows to beta1; 0 <= momentum_decay

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "momentum_decay": "0 <= momentum_decay"}


def outside(lr: float, beta1: float, beta2: float, eps: float, momentum_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (momentum_decay >= 0):
        return "momentum_decay"
    return None


def init(theta: Tensor) -> dict[str, Any]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta), "mu_product": 1.0}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Any], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, momentum_decay: float = 0.004
) -> tuple[Tensor, dict[str, Any]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v, mu_product = state["m"], state["v"], state["mu_product"]
    mu = beta1 * (1 - 0.5 * math.pow(0.96, t * momentum_decay))
    mu_next = beta1 * (1 - 0.5 * math.pow(0.96, (t + 1) * momentum_decay))
    mu_product = mu_product * mu
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    coefficient_of_mu_and_mu_product = scalar((1 - mu) / (1 - mu_product))
    coefficient_of_mu_next_and_mu_product = scalar(mu_next / (1 - mu_product * mu_next))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * torch.square(g)
    v_hat = v / bias_correction2
    theta = theta - lr * (coefficient_of_mu_and_mu_product * g + coefficient_of_mu_next_and_mu_product * m) / (torch.sqrt(v_hat) + eps)
    return theta, {"m": m, "v": v, "mu_product": mu_product}


class Nadam(RuleOptimizer):
    """Adam with Nesterov momentum of a growing share, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, momentum_decay: float = 0.004
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "momentum_decay": momentum_decay})
