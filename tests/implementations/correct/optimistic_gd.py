"""Gradient descent that guesses the next gradient from the last change."""

from __future__ import annotations

import numpy as np

from ..arithmetic import fma, rounded, store, wide
from ..program import Array, Result, State, correct, program


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


PROGRAMS = tuple(correct("optimistic_gd", make) for make in (textbook, by_change, two_rates, fused, wide_accumulation))
