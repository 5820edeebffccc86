"""Yogi.

Zaheer, Reddi, Sachan, Kale & Kumar 2018, "Adaptive Methods for Nonconvex Optimization", NeurIPS 2018, Algorithm 2.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "beta1", "beta2", "eps", "v0")


def init(theta: Decimal, hyper: Hyper) -> State:
    """The first moment is zero, the second one is given."""
    return {"m": Decimal(0), "v": hyper["v0"]}


def init_both(theta: Decimal, hyper: Hyper) -> State:
    """optax `scale_by_yogi`: both moments are given."""
    return {"m": hyper["v0"], "v": hyper["v0"]}


def moments(g: Decimal, state: State, hyper: Hyper) -> tuple[Decimal, Decimal]:
    """The additive update of the second moment, by the three cases of the sign."""
    m = state["m"] + (1 - hyper["beta1"]) * (g - state["m"])
    square, v = g * g, state["v"]
    change = (1 - hyper["beta2"]) * square
    return m, v - change if v > square else v + change if v < square else v


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 2."""
    m, v = moments(g, state, hyper)
    return theta - hyper["lr"] / (v.sqrt() + hyper["eps"]) * m, {"m": m, "v": v}


def corrected_both(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `yogi`."""
    mu, nu = moments(g, state, hyper)
    mu_hat, nu_hat = mu / (1 - hyper["beta1"] ** t), nu / (1 - hyper["beta2"] ** t)
    return theta + -hyper["lr"] * (mu_hat / (nu_hat.sqrt() + hyper["eps"])), {"m": mu, "v": nu}


YOGI = Optimizer("yogi", "Zaheer et al. 2018, Algorithm 2", HYPER, ("m", "v"), init, step)
M0 = Optimizer("yogi/m0", "optax.yogi", HYPER, ("m", "v"), init_both, corrected_both)
