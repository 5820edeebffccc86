"""Signum.

Bernstein et al. 2018, "signSGD: compressed optimisation for non-convex problems", arXiv:1802.04434, Algorithm 2.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """The momentum is zero."""
    return {"m": Decimal(0)}


def signed(x: Decimal) -> Decimal:
    """-1, 0 or 1."""
    return Decimal((x > 0) - (x < 0))


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 2 with its beta."""
    beta = hyper["beta1"]
    m = beta * state["m"] + (1 - beta) * g
    return theta - hyper["lr"] * signed(m), {"m": m}


def step_decay(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Tiger: the sign, and the parameters beside it."""
    m = state["m"] + (g - state["m"]) * (1 - hyper["beta1"])
    return theta - (signed(m) + hyper["weight_decay"] * theta) * hyper["lr"], {"m": m}


SIGNUM = Optimizer("signum", "Bernstein et al. 2018, Algorithm 2", ("lr", "beta1"), ("m",), init, step)
DECAY = Optimizer("signum/decay", "github.com/bojone/tiger", ("lr", "beta1", "weight_decay"), ("m",), init, step_decay)
