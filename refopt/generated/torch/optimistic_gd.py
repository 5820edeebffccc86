# Generated from the formula by: refopt generate optimistic_gd --to torch
# Fingerprint of the formula: cd81b2da53a18c89a7b3616b0c9c7478315e6cfc21aa711a76baa8c1b3b8d7e2
"""Gradient descent that guesses the next gradient from the last change.

    d        <- where(t > 1, g_before, g)
    theta    <- theta - lr*((alpha + beta)*g - beta*d)
    g_before <- g

Source: Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA, its steps alpha and beta times lr, arXiv:1901.08511.

Hyperparameters:
    lr     step size; 0 <= lr
    alpha  weight of the gradient; 0 <= alpha
    beta   weight of the change of the gradient; 0 <= beta

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

DOMAIN = {"lr": "0 <= lr", "alpha": "0 <= alpha", "beta": "0 <= beta"}


def outside(lr: float, alpha: float, beta: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    if not (alpha >= 0):
        return "alpha"
    if not (beta >= 0):
        return "beta"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {"g_before": torch.zeros_like(theta)}


def step(
    theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01, alpha: float = 1.0, beta: float = 1.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    g_before = state["g_before"]
    scalar = rounder(theta)
    alpha_plus_beta = scalar(alpha + beta)
    lr = scalar(lr)
    beta = scalar(beta)
    d = g_before if t > 1 else g
    theta = theta - lr * (alpha_plus_beta * g - beta * d)
    g_before = g
    return theta, {"g_before": g_before}


class OptimisticGd(RuleOptimizer):
    """Gradient descent that guesses the next gradient from the last change, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01, alpha: float = 1.0, beta: float = 1.0) -> None:
        super().__init__(params, {"lr": lr, "alpha": alpha, "beta": beta})
