"""Schedule-free AdamW.

Defazio et al. 2024, "The Road Less Scheduled", arXiv:2405.15682, Algorithm 1: v_t = beta2 v_{t-1} + (1 - beta2) g_t^2, its bias corrected by 1 - beta2^t,
z_{t+1} = z_t - gamma g_t/(sqrt(v_t hat) + eps) - gamma lambda y_t, c_{t+1} = gamma^2/(sum of all so far), x_{t+1} = (1 - c_{t+1}) x_t + c_{t+1} z_{t+1}.
"""

from __future__ import annotations

from decimal import Decimal

from .model import Hyper, Optimizer, State
from .schedule_free_sgd import averaged, share_of

NAMES = ("lr", "beta1", "beta2", "eps", "weight_decay")


def init(theta: Decimal, hyper: Hyper) -> State:
    """All three sequences start at theta."""
    return {"z": theta, "v": Decimal(0), "weight_sum": Decimal(0)}


def init_largest(theta: Decimal, hyper: Hyper) -> State:
    """The same, with a largest rate of none."""
    return {**init(theta, hyper), "lr_max": Decimal(0)}


def init_unweighed(theta: Decimal, hyper: Hyper) -> State:
    """Nothing is summed where all weights are alike."""
    return {"z": theta, "v": Decimal(0)}


def normalized(g: Decimal, v: Decimal, t: int, hyper: Hyper) -> tuple[Decimal, Decimal]:
    """The gradient by the root of its corrected second moment, and that moment."""
    v = v + (1 - hyper["beta2"]) * (g * g - v)
    return g / ((v / (1 - hyper["beta2"] ** t)).sqrt() + hyper["eps"]), v


def step(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Algorithm 1."""
    rate = hyper["lr"]
    u, v = normalized(g, state["v"], t, hyper)
    total = state["weight_sum"] + rate * rate
    z = state["z"] - rate * (u + hyper["weight_decay"] * theta)
    return averaged(theta, z, state["z"], share_of(rate * rate, total), hyper), {"z": z, "v": v, "weight_sum": total}


def step_max_rate(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """The authors' code: lr_max is the larger of the rate and of itself, and its square the weight."""
    rate = hyper["lr"]
    largest = rate if rate > state["lr_max"] else state["lr_max"]
    u, v = normalized(g, state["v"], t, hyper)
    total = state["weight_sum"] + largest * largest
    z = state["z"] - rate * (u + hyper["weight_decay"] * theta)
    share = share_of(largest * largest, total)
    return averaged(theta, z, state["z"], share, hyper), {"z": z, "v": v, "weight_sum": total, "lr_max": largest}


def step_equal_weights(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """Equation (4): c = 1/t."""
    u, v = normalized(g, state["v"], t, hyper)
    z = state["z"] - hyper["lr"] * (u + hyper["weight_decay"] * theta)
    return averaged(theta, z, state["z"], 1 / Decimal(t), hyper), {"z": z, "v": v}


def step_decay_of_theta(theta: Decimal, g: Decimal, state: State, t: int, hyper: Hyper) -> tuple[Decimal, State]:
    """keras: the parameter is multiplied by 1 - gamma lambda before anything else, and z is not."""
    rate = hyper["lr"]
    u, v = normalized(g, state["v"], t, hyper)
    total = state["weight_sum"] + rate * rate
    z = state["z"] - rate * u
    theta = theta * (1 - rate * hyper["weight_decay"])
    return averaged(theta, z, state["z"], share_of(rate * rate, total), hyper), {"z": z, "v": v, "weight_sum": total}


PAPER, CODE = "Defazio et al. 2024, Algorithm 1", "the code of Defazio et al. 2024, https://github.com/facebookresearch/schedule_free"
SCHEDULE_FREE_ADAMW = Optimizer("schedule_free_adamw", PAPER, NAMES, ("z", "v", "weight_sum"), init, step)
MAX_RATE = Optimizer("schedule_free_adamw/max_rate", CODE, NAMES, ("z", "v", "weight_sum", "lr_max"), init_largest, step_max_rate)
EQUAL_WEIGHTS = Optimizer(
    "schedule_free_adamw/equal_weights", "Defazio et al. 2024, equation (4) for the average", NAMES, ("z", "v"), init_unweighed, step_equal_weights
)
DECAY_OF_THETA = Optimizer(
    "schedule_free_adamw/decay_of_theta", "keras.optimizers.ScheduleFreeAdamW, weight_decay=", NAMES, ("z", "v", "weight_sum"), init, step_decay_of_theta
)
