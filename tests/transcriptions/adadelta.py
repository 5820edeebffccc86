"""Adadelta.

Zeiler 2012, arXiv:1212.5701, Algorithm 1; its RMS[x] is sqrt(E[x^2] + eps). A rate before the step is every framework's.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Line 2: both accumulators are zero."""
    return {"s": Decimal(0), "u": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Lines 4 to 8 of Algorithm 1."""
    rho, eps = hyper["rho"], hyper["eps"]
    mean_g2 = rho * state["s"] + (1 - rho) * g**2
    delta = -((state["u"] + eps).sqrt() / (mean_g2 + eps).sqrt()) * g
    mean_delta2 = rho * state["u"] + (1 - rho) * delta**2
    return theta + hyper["lr"] * delta, {"s": mean_g2, "u": mean_delta2}


ADADELTA = Optimizer("adadelta", "Zeiler 2012, Algorithm 1", ("lr", "rho", "eps"), ("s", "u"), init, step)
