"""AdaMaxW: AdaMax with decoupled weight decay.

Kingma & Ba 2015, Algorithm 2, and Loshchilov & Hutter 2019, "Decoupled weight decay regularization", for the decay.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Moment and norm are zero."""
    return {"m": Decimal(0), "u": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `adamaxw`: the corrected moment over the norm, the decay added to it, all times the rate."""
    b1, b2 = hyper["beta1"], hyper["beta2"]
    mu = (1 - b1) * g + b1 * state["m"]
    nu = max(abs(g) + hyper["eps"], b2 * state["u"])
    update = mu / (1 - b1**t) / nu + hyper["weight_decay"] * theta
    return theta - hyper["lr"] * update, {"m": mu, "u": nu}


ADAMAXW = Optimizer("adamaxw", "optax.adamaxw", ("lr", "beta1", "beta2", "eps", "weight_decay"), ("m", "u"), init, step)
