"""FTRL-Proximal.

McMahan et al. 2013, "Ad Click Prediction: a View from the Trenches", KDD 2013, Algorithm 1, per coordinate.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "l1", "l2", "beta", "s0")


def init(theta: Decimal, hyper: Hyper) -> State:
    """z_i = 0, n_i as given."""
    return {"z": Decimal(0), "n": hyper["s0"]}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 1: the weight that the z and n of before stood for is theta, z and n take the gradient in, and the next weight follows."""
    alpha, l1 = hyper["lr"], hyper["l1"]
    sigma = ((state["n"] + g * g).sqrt() - state["n"].sqrt()) / alpha
    z, n = state["z"] + g - sigma * theta, state["n"] + g * g
    if abs(z) <= l1:
        return Decimal(0), {"z": z, "n": n}
    sign = 1 if z > 0 else -1
    return -(z - sign * l1) / ((hyper["beta"] + n.sqrt()) / alpha + hyper["l2"]), {"z": z, "n": n}


def step_l2_doubled(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.Ftrl.update_step` with learning_rate_power = -0.5."""
    return update_step(theta, g, state, hyper, Decimal(0))


def step_shrinkage(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The same with l2_shrinkage_regularization_strength."""
    return update_step(theta, g, state, hyper, hyper["l2_shrinkage"])


def update_step(theta: Decimal, g: Decimal, state: State, hyper: Hyper, shrinkage: Decimal) -> tuple[Decimal, State]:
    """In keras' order, the power of one half as a root."""
    lr = hyper["lr"]
    l2_reg = hyper["l2"] + hyper["beta"] / (2 * lr)
    accum = state["n"]
    new_accum = accum + g**2
    linear = state["z"] + (g + 2 * shrinkage * theta - (new_accum.sqrt() - accum.sqrt()) / lr * theta)
    quadratic = new_accum.sqrt() / lr + 2 * l2_reg
    clipped = min(max(linear, -hyper["l1"]), hyper["l1"])
    return (clipped - linear) / quadratic, {"z": linear, "n": new_accum}


FTRL = Optimizer("ftrl", "McMahan et al. 2013, Algorithm 1", HYPER, ("z", "n"), init, step)
L2_DOUBLED = Optimizer("ftrl/l2_doubled", "keras.optimizers.Ftrl", HYPER, ("z", "n"), init, step_l2_doubled)
SHRINKAGE = Optimizer("ftrl/shrinkage", "keras.optimizers.Ftrl with shrinkage", (*HYPER, "l2_shrinkage"), ("z", "n"), init, step_shrinkage)
