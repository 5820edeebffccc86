"""Nesterov: v = momentum v + lr g, theta -= momentum v + lr g; and with the rate outside (`lr_outside`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import each, fma, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("v")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """As written, lr g computed once."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    v = decay * state["v"] + step
    return theta - (decay * v + step), {"v": v}


@program("v")
def two_subtractions(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """(theta - momentum v) - lr g: the parameters are rounded twice."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + rate * grad
    return (theta - decay * v) - rate * grad, {"v": v}


@program("v")
def gradient_first(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """(theta - lr g) - momentum v: a gradient step, then the look-ahead."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    v = step + decay * state["v"]
    return (theta - step) - decay * v, {"v": v}


@program("velocity")
def negative_velocity(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Keeps -v under a private name: theta + (momentum velocity - lr g)."""
    decay, rate = rounded(theta, momentum, lr)
    old = -state["v"] if "v" in state else state["velocity"]
    step = rate * grad
    velocity = decay * old - step
    return theta + (decay * velocity - step), {"velocity": velocity}


@program("v")
def substituted(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta - (momentum^2 v_old + (1 + momentum) lr g): the new velocity put in, coefficients from binary64."""
    decay, rate, square, total = rounded(theta, momentum, lr, momentum * momentum, (1 + momentum) * lr)
    old = state["v"]
    return theta - (square * old + total * grad), {"v": decay * old + rate * grad}


@program("v")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Three fused multiply-adds around one product."""
    decay, rate = rounded(theta, momentum, lr)
    step = rate * grad
    v = fma(decay, state["v"], step)
    return fma(-decay, v, fma(-rate, grad, theta)), {"v": v}


@program("v")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Computed in long double; theta uses v before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    step = np.longdouble(lr) * g
    v = np.longdouble(momentum) * v + step
    return store(x - (np.longdouble(momentum) * v + step), theta), {"v": store(v, theta)}


@program("v")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """float32 arithmetic for a narrower format, both stores from unrounded values."""
    x, g, v = single(theta, grad, state["v"])
    decay, step = np.float32(momentum), np.float32(lr) * g
    v = decay * v + step
    return store(x - (decay * v + step), theta), {"v": store(v, theta)}


@program("v")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name
    decay, rate = round_float(momentum, name), round_float(lr, name)

    def update(x: float, g: float, v: float) -> tuple[float, float]:
        step = round_float(rate * g, name)
        v = round_float(round_float(decay * v, name) + step, name)
        return round_float(x - round_float(round_float(decay * v, name) + step, name), name), v

    new, v = each(update, theta, grad, state["v"])
    return new, {"v": v}


# nesterov/lr_outside: v = momentum v + g, theta -= lr (g + momentum v)


@program("v")
def outside_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """As written, one rounding for each operation."""
    decay, rate = rounded(theta, momentum, lr)
    v = decay * state["v"] + grad
    return theta - rate * (grad + decay * v), {"v": v}


@program("v")
def outside_distributed(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """theta - (lr g + (lr momentum) v), the product of the coefficients from binary64."""
    decay, rate, both = rounded(theta, momentum, lr, lr * momentum)
    v = grad + decay * state["v"]
    return theta - (rate * grad + both * v), {"v": v}


@program("v")
def outside_fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Three fused multiply-adds."""
    decay, rate = rounded(theta, momentum, -lr)
    v = fma(decay, state["v"], grad)
    return fma(rate, fma(decay, v, grad), theta), {"v": v}


@program("v")
def outside_wide(theta: Array, grad: Array, state: State, t: int, *, lr: float, momentum: float) -> Result:
    """Computed in long double; theta uses v before it is rounded."""
    x, g, v = wide(theta, grad, state["v"])
    v = np.longdouble(momentum) * v + g
    return store(x - np.longdouble(lr) * (g + np.longdouble(momentum) * v), theta), {"v": store(v, theta)}


PROGRAMS = (
    correct("nesterov", textbook),
    correct("nesterov", two_subtractions),
    correct("nesterov", gradient_first),
    correct("nesterov", negative_velocity),
    correct("nesterov", substituted),
    correct("nesterov", fused),
    correct("nesterov", wide_accumulation),
    correct("nesterov", float32_between, NARROW),
    correct("nesterov", element_loop),
    correct("nesterov/lr_outside", outside_textbook),
    correct("nesterov/lr_outside", outside_distributed),
    correct("nesterov/lr_outside", outside_fused),
    correct("nesterov/lr_outside", outside_wide),
)
