"""The right pieces of Adam's update, which wrong programs are made of."""

from __future__ import annotations

import numpy as np

from ..arithmetic import mean, rounded
from ..program import Array, Result, State


def moments(grad: Array, state: State, beta1: float, beta2: float) -> State:
    """The moments after an update."""
    return {"m": mean(state["m"], grad, beta1), "v": mean(state["v"], grad * grad, beta2)}


def update(theta: Array, new: State, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Array:
    """theta from the moments after an update."""
    rate, epsilon, q1, q2 = rounded(theta, lr, eps, 1 - beta1**t, 1 - beta2**t)
    return np.asarray(theta - rate * (new["m"] / q1) / (np.sqrt(new["v"] / q2) + epsilon))


def step(theta: Array, grad: Array, state: State, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """A whole update."""
    new = moments(grad, state, beta1, beta2)
    return update(theta, new, t, lr, beta1, beta2, eps), new
