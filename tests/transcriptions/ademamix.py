"""AdEMAMix.

Pagliardini, Ablin & Grangier 2024, "The AdEMAMix optimizer: better, faster, older", arXiv:2409.03137, Algorithm 1 without its schedules.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """All three averages are zero."""
    return {"m": Decimal(0), "v": Decimal(0), "m_slow": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 1: "update biased first, fast and slow EMA", then the parameters."""
    m1 = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    m2 = hyper["beta3"] * state["m_slow"] + (1 - hyper["beta3"]) * g
    nu = hyper["beta2"] * state["v"] + (1 - hyper["beta2"]) * g**2
    m1_hat, nu_hat = m1 / (1 - hyper["beta1"] ** t), nu / (1 - hyper["beta2"] ** t)
    direction = (m1_hat + hyper["alpha"] * m2) / (nu_hat.sqrt() + hyper["eps"]) + hyper["weight_decay"] * theta
    return theta - hyper["lr"] * direction, {"m": m1, "v": nu, "m_slow": m2}


ADEMAMIX = Optimizer(
    "ademamix",
    "Pagliardini, Ablin & Grangier 2024, Algorithm 1",
    ("lr", "beta1", "beta2", "eps", "beta3", "alpha", "weight_decay"),
    ("m", "v", "m_slow"),
    init,
    step,
)
