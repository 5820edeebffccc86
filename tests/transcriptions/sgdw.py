"""SGDW.

Loshchilov & Hutter 2019, "Decoupled weight decay regularization", arXiv:1711.05101, Algorithm 1: the decay takes part in no moment.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "momentum", "weight_decay")


def init(theta: Decimal, hyper: Hyper) -> State:
    """The velocity is zero."""
    return {"v": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """timm `SGDW`: the parameters shrink first."""
    v = state["v"] * hyper["momentum"] + g
    return theta * (1 - hyper["lr"] * hyper["weight_decay"]) - hyper["lr"] * v, {"v": v}


def step_lr_inside(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Lines 7 to 9 of Algorithm 1, the rate in the velocity, the decay times the rate as every framework has it."""
    m = hyper["momentum"] * state["v"] + hyper["lr"] * g
    return theta - m - hyper["lr"] * hyper["weight_decay"] * theta, {"v": m}


SGDW = Optimizer("sgdw", "timm.optim.SGDW", HYPER, ("v",), init, step)
LR_INSIDE = Optimizer("sgdw/lr_inside", "Loshchilov & Hutter 2019, Algorithm 1", HYPER, ("v",), init, step_lr_inside)
