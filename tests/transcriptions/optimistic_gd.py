"""Optimistic gradient descent.

Mokhtari, Ozdaglar & Pattathil 2020, "A Unified Analysis of Extra-gradient and Optimistic Gradient Methods", arXiv:1901.08511, generalized OGDA:
x_{k+1} = x_k - (alpha + beta) grad(x_k) + beta grad(x_{k-1}), x_{-1} = x_0.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """No gradient yet."""
    return {"g_before": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The step on the gradient, and one on its change: none at the first update."""
    alpha, beta, eta = hyper["alpha"], hyper["beta"], hyper["lr"]
    change = Decimal(0) if t == 1 else g - state["g_before"]
    return theta - eta * alpha * g - eta * beta * change, {"g_before": g}


OPTIMISTIC_GD = Optimizer("optimistic_gd", "Mokhtari, Ozdaglar & Pattathil 2020, generalized OGDA", ("lr", "alpha", "beta"), ("g_before",), init, step)
