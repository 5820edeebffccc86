"""AdaMax.

Kingma & Ba 2015, arXiv:1412.6980, Algorithm 2, which has no epsilon: where it stands is what the two differ in.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Algorithm 2: m_0 <- 0, u_0 <- 0."""
    return {"m": Decimal(0), "u": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`torch.optim.adamax._single_tensor_adamax`: epsilon is added to the gradient's size."""
    beta1, beta2 = hyper["beta1"], hyper["beta2"]
    exp_avg = state["m"] + (g - state["m"]) * (1 - beta1)
    exp_inf = max(state["u"] * beta2, abs(g) + hyper["eps"])
    clr = hyper["lr"] / (1 - beta1**t)
    return theta + -clr * exp_avg / exp_inf, {"m": exp_avg, "u": exp_inf}


def step_eps_outside(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """`keras.optimizers.Adamax.update_step`."""
    beta_1, beta_2 = hyper["beta1"], hyper["beta2"]
    m = state["m"] + (g - state["m"]) * (1 - beta_1)
    u = max(beta_2 * state["u"], abs(g))
    return theta - hyper["lr"] * m / ((1 - beta_1**t) * (u + hyper["eps"])), {"m": m, "u": u}


ADAMAX = Optimizer("adamax", "torch.optim.adamax._single_tensor_adamax", ("lr", "beta1", "beta2", "eps"), ("m", "u"), init, step)
EPS_OUTSIDE = Optimizer("adamax/eps_outside", "keras.optimizers.Adamax", ("lr", "beta1", "beta2", "eps"), ("m", "u"), init, step_eps_outside)
