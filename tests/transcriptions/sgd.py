"""Stochastic gradient descent.

Robbins & Monro 1951, "A stochastic approximation method"; the seed text writes
theta_{t+1} = theta_t - eta grad J(theta_t).
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """No state."""
    return {}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The seed text's first displayed equation."""
    eta = hyper["lr"]
    return theta - eta * g, {}


SGD = Optimizer("sgd", "seed text, equation of SGD", ("lr",), (), init, step)
