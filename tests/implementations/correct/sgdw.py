"""SGDW: momentum and a decay of its own, the rate outside the velocity (reference), or in it (`lr_inside`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import each, fma, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """(theta - (lr weight_decay) theta) - lr v, as written."""
    rate, keep, decay = rounded(theta, lr, momentum, lr * weight_decay)
    v = keep * state["v"] + grad
    return theta - decay * theta - rate * v, {"v": v}


@program("v")
def shrunk(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """theta *= 1 - lr weight_decay first, as torch and timm do."""
    rate, keep, shrunk = rounded(theta, lr, momentum, 1 - lr * weight_decay)
    new = theta * shrunk
    v = grad + state["v"] * keep
    new -= rate * v
    return new, {"v": v}


@program("v")
def rate_outside(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """theta - lr (v + weight_decay theta)."""
    rate, keep, decay = rounded(theta, lr, momentum, weight_decay)
    v = keep * state["v"] + grad
    return theta - rate * (v + decay * theta), {"v": v}


@program("v")
def step_last(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """theta - lr v first, the decay of the old theta then."""
    rate, keep, decay = rounded(theta, lr, momentum, lr * weight_decay)
    v = keep * state["v"] + grad
    return theta - rate * v - decay * theta, {"v": v}


@program("v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """Velocity, decay and step by fused multiply-adds."""
    rate, keep, decay = rounded(theta, -lr, momentum, -lr * weight_decay)
    v = fma(keep, state["v"], grad)
    return fma(rate, v, fma(decay, theta, theta)), {"v": v}


@program("v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """Computed in long double; theta uses the velocity before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    v = np.longdouble(momentum) * v + g
    return store(x - np.longdouble(lr) * (np.longdouble(weight_decay) * x + v), theta), {"v": store(v, theta)}


@program("v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, v = single(theta, grad, state["v"])
    v = np.float32(momentum) * v + g
    return store(x * np.float32(1 - lr * weight_decay) - np.float32(lr) * v, theta), {"v": store(v, theta)}


@program("v")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, keep, decay = r(lr), r(momentum), r(lr * weight_decay)

    def update(x: float, g: float, v: float) -> tuple[float, float]:
        v = r(r(keep * v) + g)
        return r(r(x - r(decay * x)) - r(rate * v)), v

    new, v = each(update, theta, grad, state["v"])
    return new, {"v": v}


@program("v")
def inside_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """The velocity has the rate in it; as written."""
    rate, keep, decay = rounded(theta, lr, momentum, lr * weight_decay)
    v = keep * state["v"] + rate * grad
    return theta - decay * theta - v, {"v": v}


@program("v")
def inside_shrunk(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float, weight_decay: float) -> Result:
    """theta (1 - lr weight_decay) - v, v by a fused multiply-add."""
    rate, keep, shrunk = rounded(theta, lr, momentum, 1 - lr * weight_decay)
    v = fma(rate, grad, keep * state["v"])
    return theta * shrunk - v, {"v": v}


PROGRAMS = (
    correct("sgdw", textbook),
    correct("sgdw", shrunk),
    correct("sgdw", rate_outside),
    correct("sgdw", step_last),
    correct("sgdw", fused),
    correct("sgdw", wide_accumulation),
    correct("sgdw", float32_between, NARROW),
    correct("sgdw", element_loop),
    correct("sgdw/lr_inside", inside_textbook),
    correct("sgdw/lr_inside", inside_shrunk),
)
