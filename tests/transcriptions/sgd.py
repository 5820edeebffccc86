"""Stochastic gradient descent.

Robbins & Monro 1951, "A stochastic approximation method", and Cauchy 1847 for the whole loss:
theta_{t+1} = theta_t - eta grad J(theta_t).
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """No state."""
    return {}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The recursion, with the gradient for the observation."""
    eta = hyper["lr"]
    return theta - eta * g, {}


SGD = Optimizer("sgd", "Robbins & Monro 1951, section 2", ("lr",), (), init, step)
