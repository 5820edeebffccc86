"""Simplified AdEMAMix.

Morwani et al. 2025, "Connections between schedule-free optimizers, AdEMAMix, and accelerated SGD variants", arXiv:2502.02431.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Nothing has been summed."""
    return {"m": Decimal(0), "v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax.contrib `scale_by_simplified_ademamix`."""
    b1, b2 = hyper["beta1"], hyper["beta2"]
    m = g + b1 * state["m"]
    nu = (1 - b2) * (g * g) + b2 * state["v"]
    nu_hat = nu / (1 - b2**t)
    return theta + -hyper["lr"] * ((m + hyper["alpha"] * g) / (nu_hat.sqrt() + hyper["eps"])), {"m": m, "v": nu}


SIMPLIFIED_ADEMAMIX = Optimizer("simplified_ademamix", "optax.contrib.simplified_ademamix", ("lr", "beta1", "beta2", "alpha", "eps"), ("m", "v"), init, step)
