"""Gradient descent that guesses the next gradient from the last change."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, each, fma, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("g_before")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """lr ((alpha + beta) g - beta g_before); before the first update the gradient is its own predecessor."""
    rate, both, ahead = rounded(theta, lr, alpha + beta, beta)
    before = state["g_before"] if t > 1 else grad
    return theta - rate * (both * grad - ahead * before), {"g_before": grad.copy()}


@program("g_before")
def by_change(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """lr (alpha g + beta (g - g_before))."""
    rate, weight, ahead = rounded(theta, lr, alpha, beta)
    change = grad - state["g_before"] if t > 1 else grad - grad
    return theta - rate * (weight * grad + ahead * change), {"g_before": grad.copy()}


@program("g_before")
def two_rates(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """Two steps, each with a rate of its own: lr (alpha + beta) down and lr beta back."""
    down, back = rounded(theta, lr * (alpha + beta), lr * beta)
    before = state["g_before"] if t > 1 else grad
    return (theta - down * grad) + back * before, {"g_before": grad.copy()}


@program("g_before")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """Fused multiply-adds."""
    rate, both, ahead = rounded(theta, -lr, alpha + beta, -beta)
    before = state["g_before"] if t > 1 else grad
    return fma(rate, fma(ahead, before, both * grad), theta), {"g_before": grad.copy()}


@program("g_before")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """Computed in long double."""
    x, g, before = wide(theta, grad, state["g_before"] if t > 1 else grad)
    step = np.longdouble(lr) * (np.longdouble(alpha) * g + np.longdouble(beta) * (g - before))
    return store(x - step, theta), {"g_before": grad.copy()}


@program("g_before")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, before = single(theta, grad, state["g_before"] if t > 1 else grad)
    step = np.float32(lr) * (np.float32(alpha + beta) * g - np.float32(beta) * before)
    return store(x - step, theta), {"g_before": grad.copy()}


@program("g_before")
def in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """In place on private copies, seven elements at a time; what is kept is overwritten last."""
    rate, both, ahead = rounded(theta, lr, alpha + beta, beta)
    new, kept, g = theta.flatten(), state["g_before"].flatten(), grad.ravel()
    for part in chunks(theta.size, 7):
        step = both * g[part]
        step -= ahead * (kept[part] if t > 1 else g[part])
        step *= rate
        new[part] -= step
        kept[part] = g[part]
    return new.reshape(theta.shape), {"g_before": kept.reshape(theta.shape)}


@program("g_before")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, alpha: float, beta: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    rate, both, ahead = map(r, (lr, alpha + beta, beta))

    def update(x: float, g: float, before: float) -> tuple[float]:
        return (r(x - r(rate * r(r(both * g) - r(ahead * before)))),)

    (new,) = each(update, theta, grad, state["g_before"] if t > 1 else grad)
    return new, {"g_before": grad.copy()}


PROGRAMS = (
    *(correct("optimistic_gd", make) for make in (textbook, by_change, two_rates, fused, wide_accumulation, in_place, element_loop)),
    correct("optimistic_gd", float32_between, NARROW),
)
