"""AdaBelief.

Zhuang et al. 2020, "AdaBelief optimizer: adapting stepsizes by the belief in observed gradients", arXiv:2010.07468, Algorithm 2.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """Algorithm 2: m_0 <- 0, s_0 <- 0."""
    return {"m": Decimal(0), "s": Decimal(0)}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The body of Algorithm 2's loop; optax names the epsilon that is added to s eps_root."""
    m = hyper["beta1"] * state["m"] + (1 - hyper["beta1"]) * g
    s = hyper["beta2"] * state["s"] + (1 - hyper["beta2"]) * (g - m) * (g - m) + hyper["eps_root"]
    m_hat = m / (1 - hyper["beta1"] ** t)
    s_hat = s / (1 - hyper["beta2"] ** t)
    return theta - hyper["lr"] * m_hat / (s_hat.sqrt() + hyper["eps"]), {"m": m, "s": s}


ADABELIEF = Optimizer("adabelief", "Zhuang et al. 2020, Algorithm 2", ("lr", "beta1", "beta2", "eps", "eps_root"), ("m", "s"), init, step)
