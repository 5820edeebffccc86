"""Schedule-free SGD.

Defazio et al. 2024, "The Road Less Scheduled", arXiv:2405.15682: y_t = (1 - beta) z_t + beta x_t, z_{t+1} = z_t - gamma grad f(y_t),
x_{t+1} = (1 - c_{t+1}) x_t + c_{t+1} z_{t+1}, with the c of Algorithm 1: gamma_t^2 over the sum of all of them.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State


def init(theta: Decimal, hyper: Hyper) -> State:
    """All three sequences start at theta."""
    return {"z": theta, "weight_sum": Decimal(0)}


def averaged(theta: Decimal, moved: Decimal, z: Decimal, share: Decimal, hyper: Hyper) -> Decimal:
    """The point between z, which has moved on, and the average on its way to it."""
    beta = hyper["beta1"]
    average = (theta - z) / beta + z
    average += share * (moved - average)
    return moved + beta * (average - moved)


def share_of(weight: Decimal, total: Decimal) -> Decimal:
    """The share of an update in the average: none while all weights are 0."""
    return weight / total if total else Decimal(0)


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The step of z is that of gradient descent."""
    rate = hyper["lr"]
    total = state["weight_sum"] + rate * rate
    z = state["z"] - rate * g
    return averaged(theta, z, state["z"], share_of(rate * rate, total), hyper), {"z": z, "weight_sum": total}


def init_largest(theta: Decimal, hyper: Hyper) -> State:
    """The same, with a largest rate of none."""
    return {**init(theta, hyper), "lr_max": Decimal(0)}


def step_max_rate(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The authors' code: lr_max is the larger of the rate and of itself, and its square the weight."""
    largest = hyper["lr"] if hyper["lr"] > state["lr_max"] else state["lr_max"]
    total = state["weight_sum"] + largest * largest
    z = state["z"] - hyper["lr"] * g
    return averaged(theta, z, state["z"], share_of(largest * largest, total), hyper), {"z": z, "weight_sum": total, "lr_max": largest}


SCHEDULE_FREE_SGD = Optimizer("schedule_free_sgd", "Defazio et al. 2024, equations (2) to (4)", ("lr", "beta1"), ("z", "weight_sum"), init, step)
MAX_RATE = Optimizer(
    "schedule_free_sgd/max_rate", "the code of Defazio et al. 2024, https://github.com/facebookresearch/schedule_free", ("lr", "beta1"),
    ("z", "weight_sum", "lr_max"), init_largest, step_max_rate,
)  # fmt: skip
