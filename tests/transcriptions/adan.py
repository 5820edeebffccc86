"""Adan.

Xie et al. 2022, "Adan: adaptive Nesterov momentum algorithm for faster optimizing deep models", arXiv:2208.06677, Algorithm 1. The paper's
betas are 1 minus those of every framework; the corrections for the start at zero are the authors' code's.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Nothing has been seen."""
    return {"m": Decimal(0), "w": Decimal(0), "n": Decimal(0), "g_before": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Lines 3 to 7 of Algorithm 1 in the paper's betas."""
    b1, b2, b3 = 1 - hyper["beta1"], 1 - hyper["beta2"], 1 - hyper["beta3"]
    change = Decimal(0) if t == 1 else g - state["g_before"]
    m = (1 - b1) * state["m"] + b1 * g
    w = (1 - b2) * state["w"] + b2 * change
    n = (1 - b3) * state["n"] + b3 * (g + (1 - b2) * change) ** 2
    c1, c2, c3 = 1 - (1 - b1) ** t, 1 - (1 - b2) ** t, 1 - (1 - b3) ** t
    eta = hyper["lr"] / ((n / c3).sqrt() + hyper["eps"])
    theta = (theta - eta * (m / c1 + (1 - b2) * (w / c2))) / (1 + hyper["lr"] * hyper["weight_decay"])
    return theta, {"m": m, "w": w, "n": n, "g_before": g}


ADAN = Optimizer("adan", "Xie et al. 2022, Algorithm 1", ("lr", "beta1", "beta2", "beta3", "eps", "weight_decay"), ("m", "w", "n", "g_before"), init, step)
