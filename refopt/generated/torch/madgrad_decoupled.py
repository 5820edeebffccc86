# Generated from the formula by: refopt generate madgrad/decoupled --to torch
# Fingerprint of the formula: f59d85c70ad37e306f29b810a82e6d973177f2d284511dcb1cea675cb8af8abd
"""MADGRAD as code has it, with decoupled weight decay.

    lam   <- (lr + eps)*sqrt(t)
    n     <- n + lam*g^2
    s     <- s + lam*g
    z     <- theta_start - s / (cbrt(n) + eps)
    theta <- momentum*(theta - lr*weight_decay*theta) + (1 - momentum)*z

Source: Defazio & Jelassi 2021, Algorithm 1, c = 1 - momentum, arXiv:2101.11075.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, arXiv:1711.05101.
Differs from madgrad: eps is added to the rate, and theta decays, theta_0 does not.

Hyperparameters:
    lr            step size; 0 <= lr
    momentum      share of the parameter that is kept; 0 < momentum < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

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

from refopt.generated.torch._optimizer import RuleOptimizer, cbrt, rounder

DOMAIN = {"lr": "0 <= lr", "momentum": "0 < momentum < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, momentum: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (momentum > 0 and momentum < 1):
        return "momentum"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"s": torch.zeros_like(theta), "n": torch.zeros_like(theta), "theta_start": torch.clone(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-06, weight_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    s, n, theta_start = state["s"], state["n"], state["theta_start"]
    lam = (lr + eps) * math.sqrt(t)
    scalar = rounder(theta)
    lr_times_weight_decay = scalar(lr * weight_decay)
    one_minus_momentum = scalar(1 - momentum)
    lam = scalar(lam)
    eps = scalar(eps)
    momentum = scalar(momentum)
    n = n + lam * torch.square(g)
    s = s + lam * g
    z = theta_start - s / (cbrt(n) + eps)
    theta = momentum * (theta - lr_times_weight_decay * theta) + one_minus_momentum * z
    return theta, {"s": s, "n": n, "theta_start": theta_start}


class MadgradDecoupled(RuleOptimizer):
    """MADGRAD as code has it, with decoupled weight decay, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-06, weight_decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "eps": eps, "weight_decay": weight_decay})
