"""LaProp.

Ziyin, Wang & Ueda 2020, "LaProp: separating momentum and adaptivity in Adam", arXiv:2002.04839, Algorithm 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Algorithm 1: m_0 = 0, n_0 = 0."""
    return {"m": Decimal(0), "v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 1: the rate goes into the momentum; c_n and c_m are the bias corrections."""
    mu, nu = hyper["beta1"], hyper["beta2"]
    n = nu * state["v"] + (1 - nu) * g**2
    c_n, c_m = 1 - nu**t, 1 - mu**t
    m = mu * state["m"] + (1 - mu) * hyper["lr"] * g / ((n / c_n).sqrt() + hyper["eps"])
    return theta - m / c_m, {"m": m, "v": n}


LAPROP = Optimizer("laprop", "Ziyin, Wang & Ueda 2020, Algorithm 1", ("lr", "beta1", "beta2", "eps"), ("m", "v"), init, step)
