"""Averaged stochastic gradient descent.

Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging", and Xu 2011, "Towards Optimal One Pass Large Scale Learning with
Averaged Stochastic Gradient Descent", arXiv:1107.2490, for the falling rate and the update from which the average is taken.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "lambd", "alpha", "averaged_after")


def init(theta: Decimal, hyper: Hyper) -> State:
    """No average yet."""
    return {"ax": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """A step of the rate gamma_0 (1 + lambda gamma_0 n)^-alpha on the penalized loss, n counted from 0, and the mean of what came since t0."""
    n = t - 1
    eta = hyper["lr"] * (1 + hyper["lambd"] * hyper["lr"] * n) ** -hyper["alpha"]
    theta = theta - eta * (g + hyper["lambd"] * theta)
    seen = n - hyper["averaged_after"]
    return theta, {"ax": theta if seen <= 1 else (state["ax"] * (seen - 1) + theta) / seen}


def init_rates(theta: Decimal, hyper: Hyper) -> State:
    """torch: the average, the rate and the share of the next update; the rate is looked up at the first one."""
    return {"ax": Decimal(0), "eta": Decimal(0), "mu": Decimal(1)}


def step_rate_before(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.asgd._single_tensor_asgd`."""
    lr, lambd = hyper["lr"], hyper["lambd"]
    eta = lr if t == 1 else state["eta"]
    param = theta * (1 - lambd * eta)
    param = param - g * eta
    ax, mu = state["ax"], state["mu"]
    ax = ax + (param - ax) * mu if mu != 1 else param
    new_eta = lr / ((1 + lambd * lr * t) ** hyper["alpha"])
    return param, {"ax": ax, "eta": new_eta, "mu": 1 / max(Decimal(1), t - hyper["averaged_after"])}


ASGD = Optimizer("asgd", "Polyak & Juditsky 1992; Xu 2011", HYPER, ("ax",), init, step)
RATE_BEFORE = Optimizer("asgd/rate_before", "torch.optim.asgd._single_tensor_asgd", HYPER, ("ax", "eta", "mu"), init_rates, step_rate_before)
