"""signSGD.

Bernstein et al. 2018, "signSGD: compressed optimisation for non-convex problems", arXiv:1802.04434, Algorithm 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """No state."""
    return {}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """A step of the rate against the gradient's sign."""
    if g == 0:
        return theta, {}
    return theta - hyper["lr"].copy_sign(g), {}


SIGN_SGD = Optimizer("sign_sgd", "Bernstein et al. 2018, Algorithm 1", ("lr",), (), init, step)
