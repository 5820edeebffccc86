"""MADGRAD.

Defazio & Jelassi 2021, "Adaptivity without Compromise: A Momentumized, Adaptive, Dual Averaged Gradient Method", arXiv:2101.11075, Algorithm 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER, STATE = ("lr", "momentum", "eps"), ("s", "n", "theta_start")


def init(theta: Decimal, hyper: Hyper) -> State:
    """Empty sums, and x_0."""
    return {"s": Decimal(0), "n": Decimal(0), "theta_start": theta}


def cube_root(x: Decimal) -> Decimal:
    """By Newton's steps from the power of a third, which is rounded."""
    if x == 0:
        return x
    y = x ** (Decimal(1) / 3)
    return y - (y * y * y - x) / (3 * y * y)


def update(theta: Decimal, g: Decimal, state: State, rate: Decimal, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 1 with lambda_k = rate*sqrt(k + 1)."""
    c, weight = 1 - hyper["momentum"], rate * Decimal(t).sqrt()
    s, n = state["s"] + weight * g, state["n"] + weight * g * g
    z = state["theta_start"] - s / (cube_root(n) + hyper["eps"])
    return (1 - c) * theta + c * z, {"s": s, "n": n, "theta_start": state["theta_start"]}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 1."""
    return update(theta, g, state, hyper["lr"], t, hyper)


def step_eps_in_lr(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`optax.contrib.madgrad`, after the authors' code: the rate plus epsilon."""
    return update(theta, g, state, hyper["lr"] + hyper["eps"], t, hyper)


def step_decoupled(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """timm's `MADGRAD(decoupled_decay=True)`: the parameter is multiplied before all else; theta_0 stays what it was."""
    return update(theta * (1 - hyper["lr"] * hyper["weight_decay"]), g, state, hyper["lr"] + hyper["eps"], t, hyper)


MADGRAD = Optimizer("madgrad", "Defazio & Jelassi 2021, Algorithm 1", HYPER, STATE, init, step)
EPS_IN_LR = Optimizer("madgrad/eps_in_lr", "optax.contrib.madgrad", HYPER, STATE, init, step_eps_in_lr)
DECOUPLED = Optimizer("madgrad/decoupled", "timm's MADGRAD", (*HYPER, "weight_decay"), STATE, init, step_decoupled)
