# Generated from the formula by: refopt generate acprop/mean_before --to torch
# Fingerprint of the formula: b154537c33d386060f461a8471d863b5eb2910c64ac32f87a1852e0151e38082
"""ACProp whose distance is from the mean before this gradient.

    theta <- theta - lr*where(t > 1, g / (sqrt(s / (1 - beta2^(t - 1))) + eps), g / (1 + eps))
    s     <- beta2*s + (1 - beta2)*(g - m)^2 + eps_root
    m     <- beta1*m + (1 - beta1)*g

Source: Zhuang et al. 2021, ACProp with bias correction, a second moment of 1 before the first gradient, AdaBelief's two epsilons, arXiv:2110.05454.
Differs from acprop: the distance is from the mean before this gradient.

Hyperparameters:
    lr        step size; 0 <= lr
    beta1     decay of the first moment; 0 <= beta1 < 1
    beta2     decay of the second moment; 0 <= beta2 < 1
    eps       keeps the division finite; 0 <= eps
    eps_root  added to s at every update; 0 <= eps_root

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

DOMAIN = {"lr": "0 <= lr", "beta1": "0 <= beta1 < 1", "beta2": "0 <= beta2 < 1", "eps": "0 <= eps", "eps_root": "0 <= eps_root"}


def outside(lr: float, beta1: float, beta2: float, eps: float, eps_root: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (beta1 >= 0 and beta1 < 1):
        return "beta1"
    if not (beta2 >= 0 and beta2 < 1):
        return "beta2"
    if not (eps >= 0):
        return "eps"
    if not (eps_root >= 0):
        return "eps_root"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"m": torch.zeros_like(theta), "s": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    m, s = state["m"], state["s"]
    scalar = rounder(theta)
    complement = scalar(1 - power(beta2, t - 1)) if t > 1 else scalar(0)
    coefficient_of_eps = scalar(1 + eps) if not (t > 1) else scalar(0)
    one_minus_beta2 = scalar(1 - beta2)
    one_minus_beta1 = scalar(1 - beta1)
    lr = scalar(lr)
    eps = scalar(eps)
    beta2 = scalar(beta2)
    eps_root = scalar(eps_root)
    beta1 = scalar(beta1)
    theta = theta - lr * (g / (torch.sqrt(s / complement) + eps) if t > 1 else g / coefficient_of_eps)  # nothing is known before the first gradient
    s = beta2 * s + one_minus_beta2 * torch.square(g - m) + eps_root
    m = beta1 * m + one_minus_beta1 * g
    return theta, {"m": m, "s": s}


class AcpropMeanBefore(RuleOptimizer):
    """ACProp whose distance is from the mean before this gradient, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(
        self, params: Iterable[Any], lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-16, eps_root: float = 1e-16
    ) -> None:
        super().__init__(params, {"lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps, "eps_root": eps_root})
