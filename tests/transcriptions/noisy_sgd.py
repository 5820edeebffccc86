"""Gradient descent with noise.

Neelakantan et al. 2015, "Adding gradient noise improves learning for very deep networks", section 2: at every training step t a noise
N(0, sigma_t^2) is added to the gradient, sigma_t^2 = eta/(1 + t)^gamma. t counts from 0. The noise is given, of variance 1.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """No state."""
    return {}


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """A step against the gradient with its noise; the first one is t = 0 in the paper."""
    sigma = (hyper["noise_variance"] / (1 + Decimal(t - 1)) ** hyper["noise_decay"]).sqrt()
    return theta - hyper["lr"] * (g + sigma * hyper["noise"]), {}


NOISY_SGD = Optimizer("noisy_sgd", "Neelakantan et al. 2015, section 2", ("lr", "noise_variance", "noise_decay"), (), init, step, inputs=("noise",))
