"""NAdamW: NAdam of a constant momentum with decoupled weight decay.

Dozat 2016, Algorithm 2, and Loshchilov & Hutter 2019, "Decoupled weight decay regularization", for the decay.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Both moments are zero."""
    return {"m": Decimal(0), "v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `nadamw`, that is `adamw(nesterov=True)`."""
    b1, b2 = hyper["beta1"], hyper["beta2"]
    mu = (1 - b1) * g + b1 * state["m"]
    nu = (1 - b2) * (g * g) + b2 * state["v"]
    mu_hat = b1 * mu / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t)
    update = mu_hat / ((nu / (1 - b2**t)).sqrt() + hyper["eps"]) + hyper["weight_decay"] * theta
    return theta + -hyper["lr"] * update, {"m": mu, "v": nu}


NADAMW = Optimizer("nadamw", "optax.nadamw", ("lr", "beta1", "beta2", "eps", "weight_decay"), ("m", "v"), init, step)
