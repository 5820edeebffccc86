# Generated from the formula by: refopt generate sign_sgd --to torch
# Fingerprint of the formula: 0351e27696d28b625546fba0cc637dd319468ead883c7974b8aeaa8bd507a925
"""A step of the same length in every element that has a gradient.

    theta <- theta - lr*sign(g)

Source: Bernstein et al. 2018, Algorithm 1, arXiv:1802.04434.

Hyperparameters:
    lr  step size; 0 <= lr

`step` changes nothing in place, keeps dtype, shape and device, and checks nothing. The class is a
torch.optim.Optimizer, in place, with its own step count for each parameter; it refuses hyperparameters outside their
domains. Scalars are formed in binary64 and rounded once to the tensor's dtype. torch rounds + - * / as every other
backend does, its sqrt not always.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor

from refopt.generated.torch._optimizer import RuleOptimizer, rounder, sign

DOMAIN = {"lr": "0 <= lr"}


def outside(lr: float) -> str | None:
    """The first hyperparameter that is outside its domain, if there is one."""
    if not (lr >= 0):
        return "lr"
    return None


def init(theta: Tensor) -> dict[str, Tensor]:
    """The state before the first update."""
    return {}


def step(theta: Tensor, g: Tensor, state: dict[str, Tensor], t: int, *, lr: float = 0.01) -> tuple[Tensor, dict[str, Tensor]]:
    """theta and the state after update t = 1, 2, ...; g is the gradient at theta."""
    scalar = rounder(theta)
    lr = scalar(lr)
    theta = theta - lr * sign(g)
    return theta, {}


class SignSgd(RuleOptimizer):
    """A step of the same length in every element that has a gradient, for torch."""

    domain = DOMAIN
    outside = staticmethod(outside)
    init = staticmethod(init)
    update = staticmethod(step)

    def __init__(self, params: Iterable[Any], lr: float = 0.01) -> None:
        super().__init__(params, {"lr": lr})
