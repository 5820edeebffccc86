"""Schedule-free SGD with one thing wrong."""

from __future__ import annotations

from refopt.catalogue.optimizers.schedule_free_sgd import SCHEDULE_FREE_SGD, beta1, c, x, x_before, z
from refopt.catalogue.symbols import lr
from refopt.language.expression import g, theta
from refopt.language.rule import Let

from ..arithmetic import mean, rounded
from ..correct.schedule_free_sgd import Sequences, weighed
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program


@program("z", "weight_sum", kind=Sequences)
def schedule_free_sgd_weighs_the_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """An update weighs lr, not its square: felt where the rate changes."""
    share, kept = weighed(state, lr, theta)
    rate, part, rest = rounded(theta, lr, beta1, 1 - beta1)
    before = (theta - rest * state["z"]) / part
    new = state["z"] - rate * grad
    return mean(new, mean(before, new, 1 - share), 1 - beta1), {"z": new, "weight_sum": kept}


@program("z", "weight_sum", kind=Sequences)
def schedule_free_sgd_averages_the_old_z(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """x moves towards z as it was before its step."""
    share, kept = weighed(state, lr * lr, theta)
    rate, part, rest = rounded(theta, lr, beta1, 1 - beta1)
    before = (theta - rest * state["z"]) / part
    new = state["z"] - rate * grad
    return mean(new, mean(before, state["z"], 1 - share), 1 - beta1), {"z": new, "weight_sum": kept}


@program("z", "weight_sum", kind=Sequences)
def schedule_free_sgd_stays_at_x(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """The parameter is left at x, as for an evaluation, and the next gradient is taken there."""
    share, kept = weighed(state, lr * lr, theta)
    rate, part, rest = rounded(theta, lr, beta1, 1 - beta1)
    before = (theta - rest * state["z"]) / part
    new = state["z"] - rate * grad
    return mean(before, new, 1 - share), {"z": new, "weight_sum": kept}


# What each computes

STEPS = SCHEDULE_FREE_SGD.steps
FORMULAS = {
    "schedule_free_sgd_weighs_the_rate": rewritten(SCHEDULE_FREE_SGD, weight=lr),
    "schedule_free_sgd_averages_the_old_z": of_steps(
        SCHEDULE_FREE_SGD, *STEPS[:4], Let(x, (1 - c) * x_before + c * z), Let(z, z - lr * g), Let(theta, (1 - beta1) * z + beta1 * x)
    ),
    "schedule_free_sgd_stays_at_x": rewritten(SCHEDULE_FREE_SGD, theta=x),
}  # fmt: skip
"""Beside each bug the formula that it computes."""


def _row(make: Factory) -> Planted:
    return planted("schedule_free_sgd", make, formula=FORMULAS[make.__name__])


PROGRAMS = (_row(schedule_free_sgd_weighs_the_rate), _row(schedule_free_sgd_averages_the_old_z), _row(schedule_free_sgd_stays_at_x))
