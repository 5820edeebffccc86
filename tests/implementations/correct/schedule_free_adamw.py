"""Schedule-free AdamW: a second moment, and three sequences of which two are kept."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, lerp, mean, rounded, store, wide
from ..program import Array, Result, State, correct, program
from .schedule_free_sgd import Sequences, weighed


class Moment(Sequences):
    """The same start, with a second moment of 0."""

    def init(self, theta: Array) -> State:
        """z at theta, no gradient seen, nothing weighed."""
        return {**super().init(theta), "v": np.zeros_like(theta)}


STATE = ("z", "v", "weight_sum")


@program(*STATE, kind=Moment)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """As written: x from theta and z, z on, x to it, theta between the two."""
    share, kept = weighed(state, lr * lr, theta)
    rate, part, rest, epsilon, decay, left = rounded(theta, lr, beta1, 1 - beta1, eps, lr * weight_decay, 1 - beta2**t)
    v = mean(state["v"], np.square(grad), beta2)
    x = (theta - rest * state["z"]) / part
    z = state["z"] - decay * theta - rate * grad / (np.sqrt(v / left) + epsilon)
    return mean(z, mean(x, z, 1 - share), 1 - beta1), {"z": z, "v": v, "weight_sum": kept}


@program(*STATE, kind=Moment)
def without_x(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """As the authors' code has it: the decay joins the normed gradient, theta goes towards the old z by the share, and along both; x is never formed."""
    share, kept = weighed(state, lr * lr, theta)
    rate, along, epsilon, decay, left = rounded(theta, lr, lr * (beta1 * (1 - share) - 1), eps, weight_decay, 1 - beta2**t)
    v = mean(state["v"], np.square(grad), beta2)
    u = grad / (np.sqrt(v / left) + epsilon) + decay * theta
    return lerp(theta, state["z"], 1 - share) + along * u, {"z": state["z"] - rate * u, "v": v, "weight_sum": kept}


@program(*STATE, kind=Moment)
def corrected_rate(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """The bias correction at the divisor: sqrt(v) over its root, v as a step; x and theta as steps from the end that weighs more."""
    share, kept = weighed(state, lr**2, theta)
    rate, part, rest, epsilon, decay, left = rounded(theta, -lr, beta1, 1 - beta1, eps, weight_decay, (1 - beta2**t) ** 0.5)
    v = lerp(state["v"], grad * grad, beta2)
    z = state["z"] + rate * (decay * theta + grad / (np.sqrt(v) / left + epsilon))
    x = lerp((theta - rest * state["z"]) / part, z, 1 - share)
    return lerp(x, z, beta1), {"z": z, "v": v, "weight_sum": kept}


@program(*STATE, kind=Moment)
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Every mean by fused multiply-adds."""
    share, kept = weighed(state, lr * lr, theta)
    rate, part, rest, now, before = rounded(theta, -lr, beta1, 1 - beta1, share, 1 - share)
    keep, take, epsilon, decay, left = rounded(theta, beta2, 1 - beta2, eps, weight_decay, 1 - beta2**t)
    v = fma(keep, state["v"], take * grad * grad)
    x = fma(-rest, state["z"], theta) / part
    z = fma(rate, fma(decay, theta, grad / (np.sqrt(v / left) + epsilon)), state["z"])
    x = fma(before, x, now * z)
    return fma(part, x, rest * z), {"z": z, "v": v, "weight_sum": kept}


@program(*STATE, kind=Moment)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, beta1: float, beta2: float, eps: float, weight_decay: float) -> Result:
    """Computed in long double, without x; v and z are used before they are rounded."""
    share, kept = weighed(state, lr * lr, theta)
    y, g, z, v = wide(theta, grad, state["z"], state["v"])
    c, rate, part, second = np.longdouble(share), np.longdouble(lr), np.longdouble(beta1), np.longdouble(beta2)
    v = second * v + (1 - second) * g * g
    u = g / (np.sqrt(v / (1 - second**t)) + np.longdouble(eps)) + np.longdouble(weight_decay) * y
    new = (1 - c) * y + c * z - rate * (1 - part * (1 - c)) * u
    return store(new, theta), {"z": store(z - rate * u, theta), "v": store(v, theta), "weight_sum": kept}


PROGRAMS = tuple(correct("schedule_free_adamw", make) for make in (textbook, without_x, corrected_rate, fused, wide_accumulation))
