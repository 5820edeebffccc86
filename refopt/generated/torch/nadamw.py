# Generated from the formula by: refopt generate nadamw --to torch
# Fingerprint of the formula: 2946bc37e188533586fa3deb45381ab524842fe53f5000f22110642b3f65f753
"""NAdam of a constant momentum with decoupled weight decay.

    m     <- beta1*m + (1 - beta1)*g
    v     <- beta2*v + (1 - beta2)*g^2
    v_hat <- v / (1 - beta2^t)
    theta <- theta - lr*weight_decay*theta - lr * (beta1 * m / (1 - beta1^(t + 1)) + (1 - beta1) * g / (1 - beta1^t)) /
            (sqrt(v_hat) + eps)

Source: Dozat 2016, Algorithm 2, a constant momentum, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
Source: Loshchilov & Hutter 2019, Algorithm 2, decay times the scheduled rate, on NAdam, arXiv:1711.05101.

Hyperparameters:
    lr            step size; 0 <= lr
    beta1         decay of the first moment; 0 <= beta1 < 1
    beta2         decay of the second moment; 0 <= beta2 < 1
    eps           keeps the division finite; 0 <= eps
    weight_decay  decay of the weights; 0 <= weight_decay

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "weight_decay": "0 <= weight_decay"}


def outside(lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (weight_decay >= 0):
        return "weight_decay"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, v = state["m"], state["v"]
    scalar = rounder(theta)
    one_minus_beta1 = scalar(1 - beta1)
    one_minus_beta2 = scalar(1 - beta2)
    bias_correction2 = scalar(1 - power(beta2, t))
    lr_times_weight_decay = scalar(lr * weight_decay)
    complement = scalar(1 - power(beta1, t + 1))
    bias_correction1 = scalar(1 - power(beta1, t))
    beta1 = scalar(beta1)
    beta2 = scalar(beta2)
    lr = scalar(lr)
    eps = scalar(eps)
    m = beta1 * m + one_minus_beta1 * g
    v = beta2 * v + one_minus_beta2 * torch.square(g)
    v_hat = v / bias_correction2
    theta = theta - lr_times_weight_decay * theta - lr * (beta1 * m / complement + one_minus_beta1 * g / bias_correction1) / (torch.sqrt(v_hat) + eps)
    return theta, {"m": m, "v": v}


class Nadamw(RuleOptimizer):
    """NAdam of a constant momentum with decoupled weight decay, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-08, weight_decay: float = 0.01
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "weight_decay": weight_decay})
