"""ADOPT with one thing wrong."""

from __future__ import annotations

import numpy as np

from refopt.catalogue.optimizers.adopt import ADOPT, c
from refopt.catalogue.symbols import beta1, beta2, eps, m, v
from refopt.language.expression import g, maximum, minimum, sqrt, t, where
from refopt.language.rule import Let

from ..arithmetic import mean, rounded
from ..correct.adopt import clipped, limit
from ..formula import of_steps, rewritten
from ..program import Array, Factory, Planted, Result, State, planted, program

# adopt


@program("m", "v")
def adopt_divides_by_this_square(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """v is made before it divides, as in Adam."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": np.square(grad)}
    rate, epsilon, c = rounded(theta, lr, eps, limit(t))
    v = mean(state["v"], np.square(grad), beta2)
    m = mean(state["m"], clipped(grad / np.maximum(np.sqrt(v), epsilon), c), beta1)
    return theta - rate * m, {"m": m, "v": v}


@program("m", "v")
def adopt_first_square_averaged(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """v = (1 - beta2) g^2 in the first update."""
    rate, epsilon, c = rounded(theta, lr, eps, limit(t))
    v = mean(state["v"], np.square(grad), beta2)
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": v}
    m = mean(state["m"], clipped(grad / np.maximum(np.sqrt(state["v"]), epsilon), c), beta1)
    return theta - rate * m, {"m": m, "v": v}


@program("m", "v")
def adopt_eps_added(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """sqrt(v) + eps in place of the larger of the two."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": np.square(grad)}
    rate, epsilon, c = rounded(theta, lr, eps, limit(t))
    m = mean(state["m"], clipped(grad / (np.sqrt(state["v"]) + epsilon), c), beta1)
    return theta - rate * m, {"m": m, "v": mean(state["v"], np.square(grad), beta2)}


@program("m", "v")
def adopt_limit_of_all_updates(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float) -> Result:
    """The fourth root of t, the update that only sees counted in."""
    if t == 1:
        return theta.copy(), {"m": state["m"], "v": np.square(grad)}
    rate, epsilon, c = rounded(theta, lr, eps, limit(t + 1))
    m = mean(state["m"], clipped(grad / np.maximum(np.sqrt(state["v"]), epsilon), c), beta1)
    return theta - rate * m, {"m": m, "v": mean(state["v"], np.square(grad), beta2)}


# What each computes

ADDED = maximum(-c, minimum(c, g / (sqrt(v) + eps)))
LIMIT, AVERAGE, SQUARES, STEP = ADOPT.steps
FORMULAS = {
    "adopt_divides_by_this_square": of_steps(ADOPT, LIMIT, SQUARES, AVERAGE, STEP),
    "adopt_first_square_averaged": rewritten(ADOPT, v=beta2 * v + (1 - beta2) * g**2),
    "adopt_eps_added": rewritten(ADOPT, m=where(t > 1, beta1 * m + (1 - beta1) * ADDED, m)),
    "adopt_limit_of_all_updates": of_steps(ADOPT, Let(c, sqrt(sqrt(t))), AVERAGE, SQUARES, STEP),
}
"""Beside each bug the formula that it computes."""


def _row(rule: str, make: Factory) -> Planted:
    return planted(rule, make, formula=FORMULAS[make.__name__])


PROGRAMS = (
    _row("adopt", adopt_divides_by_this_square),
    _row("adopt", adopt_first_square_averaged),
    _row("adopt", adopt_eps_added),
    _row("adopt", adopt_limit_of_all_updates),
)
