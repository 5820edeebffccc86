"""Averaged gradient descent: a rate that falls, and the mean of the parameters from an update on."""

from __future__ import annotations

import numpy as np

from ..arithmetic import each, fma, round_float, rounded, store, wide
from ..program import Array, Result, State, correct, program


def rate_of(lr: float, lambd: float, alpha: float, t: int) -> float:
    """The rate of update `t`."""
    return lr / (1 + lambd * lr * (t - 1)) ** alpha


def share_of(averaged_after: float, t: int) -> float:
    """The share of the newest parameter in the mean."""
    return 1 / max(1, t - 1 - averaged_after)


@program("ax")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """As written: the decay first, then the gradient's step."""
    eta = rate_of(lr, lambd, alpha, t)
    kept, rate, share = rounded(theta, 1 - lambd * eta, eta, share_of(averaged_after, t))
    new = theta * kept - rate * grad
    return new, {"ax": state["ax"] + share * (new - state["ax"])}


@program("ax")
def penalized(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """eta (g + lambd theta): one step on the loss with its penalty; the mean is copied as long as nothing is averaged."""
    rate, decay, share = rounded(theta, rate_of(lr, lambd, alpha, t), lambd, share_of(averaged_after, t))
    new = theta - rate * (grad + decay * theta)
    return new, {"ax": new.copy() if share == 1 else state["ax"] + (new - state["ax"]) * share}


@program("ax")
def counted(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """The mean's step is divided by the number of parameters in it; the rate is a power below one."""
    seen = max(1, t - 1 - averaged_after)
    rate, back, many = rounded(theta, lr * (1 + lambd * lr * (t - 1)) ** -alpha, lambd * rate_of(lr, lambd, alpha, t), seen)
    new = (theta - back * theta) - rate * grad
    return new, {"ax": state["ax"] + (new - state["ax"]) / many}


@program("ax")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """Fused multiply-adds."""
    eta = rate_of(lr, lambd, alpha, t)
    kept, rate, share = rounded(theta, 1 - lambd * eta, -eta, share_of(averaged_after, t))
    new = fma(rate, grad, theta * kept)
    return new, {"ax": fma(share, new - state["ax"], state["ax"])}


@program("ax")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """Computed in long double; the mean uses theta before it is rounded."""
    x, g, ax = wide(theta, grad, state["ax"])
    eta = np.longdouble(lr) / (1 + np.longdouble(lambd) * np.longdouble(lr) * (t - 1)) ** np.longdouble(alpha)
    new = x - eta * (g + np.longdouble(lambd) * x)
    return store(new, theta), {"ax": store(ax + (new - ax) / max(1, t - 1 - averaged_after), theta)}


@program("ax")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, lambd: float, alpha: float, averaged_after: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    eta = rate_of(lr, lambd, alpha, t)
    kept, rate, share = map(r, (1 - lambd * eta, eta, share_of(averaged_after, t)))

    def update(x: float, g: float, ax: float) -> tuple[float, float]:
        new = r(r(x * kept) - r(rate * g))
        return new, r(ax + r(share * r(new - ax)))

    new, ax = each(update, theta, grad, state["ax"])
    return new, {"ax": ax}


PROGRAMS = tuple(correct("asgd", make) for make in (textbook, penalized, counted, fused, wide_accumulation, element_loop))
