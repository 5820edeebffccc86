"""Schedule-free AdamW with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.schedule_free_adamw import SCHEDULE_FREE_ADAMW
from refopt.catalogue.optimizers.schedule_free_sgd import z
from refopt.catalogue.symbols import eps, lr, v, v_hat, weight_decay
from refopt.language.expression import g, sqrt, theta

from ..arithmetic import mean, rounded
from ..correct.schedule_free_adamw import STATE, Moment
from ..correct.schedule_free_sgd import weighed
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program


def parts(theta: Array, grad: Array, state: State, t: int, beta1: float, beta2: float) -> tuple[Array, Array, Array]:
    """The second moment, it corrected, and x before the update."""
    v = mean(state["v"], np.square(grad), beta2)
    part, rest, left = rounded(theta, beta1, 1 - beta1, 1 - beta2**t)
    return v, v / left, (theta - rest * state["z"]) / part


@program(*STATE, kind=Moment)
def schedule_free_adamw_uncorrected(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """The second moment without its bias correction."""
    share, kept = weighed(state, lr * lr, theta)
    rate, epsilon, decay = rounded(theta, lr, eps, lr * weight_decay)
    v, _, x = parts(theta, grad, state, t, beta1, beta2)
    z = state["z"] - decay * theta - rate * grad / (np.sqrt(v) + epsilon)
    return mean(z, mean(x, z, 1 - share), 1 - beta1), {"z": z, "v": v, "weight_sum": kept}


@program(*STATE, kind=Moment)
def schedule_free_adamw_decay_without_rate(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """The decay is not times the rate."""
    share, kept = weighed(state, lr * lr, theta)
    rate, epsilon, decay = rounded(theta, lr, eps, weight_decay)
    v, corrected, x = parts(theta, grad, state, t, beta1, beta2)
    z = state["z"] - decay * theta - rate * grad / (np.sqrt(corrected) + epsilon)
    return mean(z, mean(x, z, 1 - share), 1 - beta1), {"z": z, "v": v, "weight_sum": kept}


@program(*STATE, kind=Moment)
def schedule_free_adamw_finds_x_late(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float
) -> Result:
    """x is found from theta and the z that has moved on, as in keras on torch."""
    share, kept = weighed(state, lr * lr, theta)
    rate, epsilon, decay, part, rest = rounded(theta, lr, eps, lr * weight_decay, beta1, 1 - beta1)
    v, corrected, _ = parts(theta, grad, state, t, beta1, beta2)
    z = state["z"] - decay * theta - rate * grad / (np.sqrt(corrected) + epsilon)
    x = (theta - rest * z) / part
    return mean(z, mean(x, z, 1 - share), 1 - beta1), {"z": z, "v": v, "weight_sum": kept}


# What each computes

SQUARES, CORRECTED, *WEIGHTS, BEFORE, MOVED, AVERAGED, LAST = SCHEDULE_FREE_ADAMW.steps
FORMULAS = {
    "schedule_free_adamw_uncorrected": rewritten(SCHEDULE_FREE_ADAMW, v_hat=v),
    "schedule_free_adamw_decay_without_rate": rewritten(SCHEDULE_FREE_ADAMW, z=z - weight_decay * theta - lr * g / (sqrt(v_hat) + eps)),
    "schedule_free_adamw_finds_x_late": of_steps(SCHEDULE_FREE_ADAMW, SQUARES, CORRECTED, *WEIGHTS, MOVED, BEFORE, AVERAGED, LAST),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(make: Factory) -> Planted:
    return planted("schedule_free_adamw", make, formula=FORMULAS[make.__name__])


PROGRAMS = (_row(schedule_free_adamw_uncorrected), _row(schedule_free_adamw_decay_without_rate), _row(schedule_free_adamw_finds_x_late))
