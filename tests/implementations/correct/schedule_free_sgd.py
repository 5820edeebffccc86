"""Schedule-free SGD: three sequences, of which two are kept."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, store, wide
from ..program import Array, Program, Result, State, correct, program


class Sequences(Program):
    """Three sequences from one point, and a sum that is one number for the whole tensor."""

    def init(self, theta: Array) -> State:
        """z at theta, nothing weighed."""
        return {"z": theta.copy(), "weight_sum": np.zeros((), theta.dtype)}


def number(state: State, name: str) -> float:
    """A state that is one number."""
    return float(np.ravel(state[name])[0])


def weighed(state: State, weight: float, like: Array) -> tuple[float, Array]:
    """The share of an update in the average, and the sum as it is kept."""
    total = number(state, "weight_sum") + weight
    return weight / total if total > 0 else 0.0, store(np.array(total), like)


@program("z", "weight_sum", kind=Sequences)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """As written: x from theta and z, z on, x to it, theta between the two."""
    share, kept = weighed(state, lr * lr, theta)
    rate, part, rest = rounded(theta, lr, beta1, 1 - beta1)
    x = (theta - rest * state["z"]) / part
    z = state["z"] - rate * grad
    return mean(z, mean(x, z, 1 - share), 1 - beta1), {"z": z, "weight_sum": kept}


@program("z", "weight_sum", kind=Sequences)
def without_x(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """As the authors' code has it: theta towards the old z by the share, and along the gradient; x is never formed."""
    share, kept = weighed(state, lr * lr, theta)
    rate, along = rounded(theta, lr, lr * (beta1 * (1 - share) - 1))
    return lerp(theta, state["z"], 1 - share) + along * grad, {"z": state["z"] - rate * grad, "weight_sum": kept}


@program("z", "weight_sum", kind=Sequences)
def steps_from_z(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """The new x and the new theta as steps from the end that weighs more."""
    share, kept = weighed(state, lr**2, theta)
    rate, part, rest = rounded(theta, -lr, beta1, 1 - beta1)
    z = state["z"] + rate * grad
    x = lerp((theta - rest * state["z"]) / part, z, 1 - share)
    return lerp(x, z, beta1), {"z": z, "weight_sum": kept}


@program("z", "weight_sum", kind=Sequences)
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """Every mean by fused multiply-adds."""
    share, kept = weighed(state, lr * lr, theta)
    rate, part, rest, now, before = rounded(theta, -lr, beta1, 1 - beta1, share, 1 - share)
    x = fma(-rest, state["z"], theta) / part
    z = fma(rate, grad, state["z"])
    x = fma(before, x, now * z)
    return fma(part, x, rest * z), {"z": z, "weight_sum": kept}


@program("z", "weight_sum", kind=Sequences)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float) -> Result:
    """Computed in long double, without x; z is used before it is rounded."""
    share, kept = weighed(state, lr * lr, theta)
    y, g, z = wide(theta, grad, state["z"])
    c, rate, part = np.longdouble(share), np.longdouble(lr), np.longdouble(beta1)
    new = (1 - c) * y + c * z - rate * (1 - part * (1 - c)) * g
    return store(new, theta), {"z": store(z - rate * g, theta), "weight_sum": kept}


PROGRAMS = tuple(correct("schedule_free_sgd", make) for make in (textbook, without_x, steps_from_z, fused, wide_accumulation))
