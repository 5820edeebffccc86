"""Lion.

Chen et al. 2023, "Symbolic discovery of optimization algorithms", arXiv:2302.06675, Algorithm 2.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Algorithm 2: m_0 <- 0."""
    return {"m": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The body of Algorithm 2's loop: the parameters move before the momentum does."""
    c = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    sign = Decimal(0) if c == 0 else Decimal(1).copy_sign(c)
    theta = theta - hyper["lr"] * (sign + hyper["weight_decay"] * theta)
    return theta, {"m": hyper["beta2"] * state["m"] + (1 - hyper["beta2"]) * g}


def step_without_zero(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The same with a sign that knows no zero: where(c >= 0, 1, -1)."""
    c = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    theta = theta - hyper["lr"] * ((1 if c >= 0 else -1) + hyper["weight_decay"] * theta)
    return theta, {"m": hyper["beta2"] * state["m"] + (1 - hyper["beta2"]) * g}


LION = Optimizer("lion", "Chen et al. 2023, Algorithm 2", ("lr", "beta1", "beta2", "weight_decay"), ("m",), init, step)
NO_ZERO = Optimizer("lion/no_zero", "Chen et al. 2023, Algorithm 2", ("lr", "beta1", "beta2", "weight_decay"), ("m",), init, step_without_zero)
