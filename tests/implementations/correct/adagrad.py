"""Adagrad: epsilon outside the root (reference), inside (`eps_in_sqrt`), and with a rate that falls by the count (`lr_decay`)."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, divide, each, fma, root, round_float, rounded, single, store, wide
from ..program import NARROW, WIDE_RANGE, Array, Program, Result, State, correct, program


class Started(Program):
    """A sum that does not begin at zero."""

    def init(self, theta: Array, s0: float = 0.0) -> State:
        """The sum before the first gradient."""
        return {"s": np.full_like(theta, s0)}


@program("s", kind=Started)
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """As written: (lr g)/(sqrt(s) + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    s = state["s"] + grad * grad
    return theta - rate * grad / (np.sqrt(s) + epsilon), {"s": s}


@program("s", kind=Started)
def rate_times_quotient(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """lr (g/(sqrt(s) + eps)), added with a minus."""
    rate, epsilon = rounded(theta, -lr, eps)
    s = np.square(grad) + state["s"]
    return theta + rate * (grad / (epsilon + np.sqrt(s))), {"s": s}


@program("s", kind=Started)
def rate_over_root(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """(lr/(sqrt(s) + eps)) g: a rate for each element."""
    rate, epsilon = rounded(theta, lr, eps)
    s = state["s"] + grad * grad
    return theta - rate / (np.sqrt(s) + epsilon) * grad, {"s": s}


@program("s", kind=Started)
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """s and theta by fused multiply-adds."""
    rate, epsilon = rounded(theta, -lr, eps)
    s = fma(grad, grad, state["s"])
    return fma(rate, grad / (np.sqrt(s) + epsilon), theta), {"s": s}


@program("s", kind=Started)
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """Computed in long double; theta uses the sum before it is rounded."""
    x, g, s = wide(theta, grad, state["s"])
    s = s + g * g
    return store(x - np.longdouble(lr) * g / (np.sqrt(s) + np.longdouble(eps)), theta), {"s": store(s, theta)}


@program("s", kind=Started)
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """float32 arithmetic for a narrower format; theta uses the sum as it is stored."""
    x, g, s = single(theta, grad, state["s"])
    stored = store(s + g * g, theta)
    return store(x - np.float32(lr) * g / (np.sqrt(stored.astype(np.float32)) + np.float32(eps)), theta), {"s": stored}


@program("s", kind=Started)
def in_place(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """In place on private copies, seven elements at a time."""
    rate, epsilon = rounded(theta, lr, eps)
    new, s, g = theta.flatten(), state["s"].flatten(), grad.ravel()
    for part in chunks(theta.size, 7):
        s[part] += g[part] * g[part]
        new[part] -= rate * g[part] / (np.sqrt(s[part]) + epsilon)
    return new.reshape(theta.shape), {"s": s.reshape(theta.shape)}


@program("s", kind=Started)
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    def update(x: float, g: float, s: float) -> tuple[float, float]:
        s = r(s + r(g * g))
        return r(x - r(divide(r(r(lr) * g), r(r(root(s)) + r(eps))))), s

    new, s = each(update, theta, grad, state["s"])
    return new, {"s": s}


@program("s", kind=Started)
def inside_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """As written: (lr g)/sqrt(s + eps)."""
    rate, epsilon = rounded(theta, lr, eps)
    s = state["s"] + grad * grad
    return theta - rate * grad / np.sqrt(s + epsilon), {"s": s}


@program("s", kind=Started)
def inside_reciprocal_root(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float) -> Result:
    """g (1/sqrt(s + eps)) lr."""
    rate, epsilon, one = rounded(theta, lr, eps, 1.0)
    s = fma(grad, grad, state["s"])
    return theta - grad * (one / np.sqrt(s + epsilon)) * rate, {"s": s}


@program("s", kind=Started)
def falling_textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float, lr_decay: float) -> Result:
    """The rate of this update is formed first, as a number."""
    rate, epsilon = rounded(theta, lr / (1 + (t - 1) * lr_decay), eps)
    s = state["s"] + grad * grad
    return theta - rate * grad / (np.sqrt(s) + epsilon), {"s": s}


@program("s", kind=Started)
def falling_divisor(theta: Array, grad: Array, state: State, t: int, *, lr: float, eps: float, s0: float, lr_decay: float) -> Result:
    """lr g over (1 + (t - 1) lr_decay) (sqrt(s) + eps)."""
    rate, epsilon, divisor = rounded(theta, lr, eps, 1 + (t - 1) * lr_decay)
    s = state["s"] + grad * grad
    return theta - rate * grad / (divisor * (np.sqrt(s) + epsilon)), {"s": s}


PROGRAMS = (
    correct("adagrad", textbook),
    correct("adagrad", rate_times_quotient),
    correct("adagrad", rate_over_root, WIDE_RANGE),
    correct("adagrad", fused),
    correct("adagrad", wide_accumulation),
    correct("adagrad", float32_between, NARROW),
    correct("adagrad", in_place),
    correct("adagrad", element_loop),
    correct("adagrad/eps_in_sqrt", inside_textbook),
    correct("adagrad/eps_in_sqrt", inside_reciprocal_root, WIDE_RANGE),
    correct("adagrad/lr_decay", falling_textbook),
    correct("adagrad/lr_decay", falling_divisor, WIDE_RANGE),
)
