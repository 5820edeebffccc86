"""ACProp.

Zhuang et al. 2021, "Momentum centering and asynchronous update for adaptive gradient methods", arXiv:2110.05454. The distance is from the mean
with the gradient in it; optax takes the mean before. Both begin with a second moment of 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State

HYPER = ("lr", "beta1", "beta2", "eps", "eps_root")


def init(theta: Decimal, hyper: Hyper) -> State:
    """Nothing has been seen."""
    return {"m": Decimal(0), "s": Decimal(0)}


def known(state: State, t: int, hyper: Hyper) -> Decimal:
    """What the gradients before this one say of its deviation."""
    if t == 1:
        return 1 + hyper["eps"]
    return (state["s"] / (1 - hyper["beta2"] ** (t - 1))).sqrt() + hyper["eps"]


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The parameter moves by what was known; then m_t, then s_t of g_t - m_t."""
    theta = theta - hyper["lr"] / known(state, t, hyper) * g
    m = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    s = hyper["beta2"] * state["s"] + (1 - hyper["beta2"]) * (g - m) * (g - m) + hyper["eps_root"]
    return theta, {"m": m, "s": s}


def step_mean_before(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """optax `scale_by_acprop`: the prediction error is that of the mean before."""
    error = g - state["m"]
    mu = state["m"] + (1 - hyper["beta1"]) * error
    nu = state["s"] + (1 - hyper["beta2"]) * (error * error - state["s"]) + hyper["eps_root"]
    return theta - hyper["lr"] * (g / known(state, t, hyper)), {"m": mu, "s": nu}


ACPROP = Optimizer("acprop", "Zhuang et al. 2021", HYPER, ("m", "s"), init, step)
MEAN_BEFORE = Optimizer("acprop/mean_before", "optax.contrib.acprop", HYPER, ("m", "s"), init, step_mean_before)
