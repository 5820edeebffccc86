# Generated from the formula by: refopt generate yogi/m0 --to torch
# Fingerprint of the formula: 3f2ce99d721dbc9f168f5494a1fde47b03daa5ea2b9075aec591e4ab92ae7eed
"""Yogi with the bias corrections of Adam, both moments starting from v0.

    m     <- beta1*m + (1 - beta1)*g
    v     <- v - (1 - beta2)*sign(v - g^2)*g^2
    m_hat <- m / (1 - beta1^t)
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr * m_hat / (sqrt(v_hat) + eps)

Source: Zaheer et al. 2018, Algorithm 2 with the bias corrections of Adam, papers.nips.cc/paper/2018/hash/90365351ccc7437a1309dc64e4db32a3.
Differs from yogi: both moments are corrected; the first one starts from v0 too.

Hyperparameters:
    lr     step size; 0 <= lr
    beta1  decay of the first moment; 0 <= beta1 < 1
    beta2  decay of the second moment; 0 <= beta2 < 1
    eps    keeps the division finite; 0 <= eps
    v0     what the second moment starts from; 0 <= v0

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

from refopt.generated.torch._optimizer import RuleOptimizer, power, rounder, sign

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "v0": "0 <= v0"}


def outside(lr: float, beta1: float, beta2: float, eps: float, v0: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (v0 >= 0):
        return "v0"
    return None


def init(theta: Tensor, *, v0: float = 1e-06) -> dict[str, Tensor]:
    """The state before the first update."""
    scalar = rounder(theta)
    return {"m": torch.zeros_like(theta) + scalar(v0), "v": torch.zeros_like(theta) + scalar(v0)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, eps: float = 0.001, v0: float = 1e-06
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction1 = scalar(1 - power(beta1, t))
    bias_correction2 = scalar(1 - power(beta2, t))
    beta1 = scalar(beta1)
    lr = scalar(lr)
    eps = scalar(eps)
    m = beta1 * m + one_minus_beta1 * g
    v = v - one_minus_beta2 * sign(v - torch.square(g)) * torch.square(g)
    m_hat = m / bias_correction1  # t counts updates from 1
    v_hat = v / bias_correction2
    theta = theta - lr * m_hat / (torch.sqrt(v_hat) + eps)
    return theta, {"m": m, "v": v}


class YogiM0(RuleOptimizer):
    """Yogi with the bias corrections of Adam, both moments starting from v0, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    starting = ("v0",)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, eps: float = 0.001, v0: float = 1e-06
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "v0": v0})
