"""Adadelta: d = sqrt(u + eps)/sqrt(s + eps) g, theta - lr d."""

from __future__ import annotations

import numpy as np

from ..arithmetic import divide, each, fma, lerp, mean, root, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Result, State, correct, program


@program("s", "u")
def textbook(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """As written: the quotient of the two roots, times g."""
    rate, epsilon = rounded(theta, lr, eps)
    s = mean(state["s"], grad * grad, rho)
    d = np.sqrt(state["u"] + epsilon) / np.sqrt(s + epsilon) * grad
    return theta - rate * d, {"s": s, "u": mean(state["u"], d * d, rho)}


@program("s", "u")
def root_times_gradient(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """(sqrt(u + eps) g)/sqrt(s + eps)."""
    rate, epsilon = rounded(theta, -lr, eps)
    s = mean(state["s"], np.square(grad), rho)
    d = np.sqrt(epsilon + state["u"]) * grad / np.sqrt(epsilon + s)
    return theta + rate * d, {"s": s, "u": mean(state["u"], np.square(d), rho)}


@program("s", "u")
def lerp_means(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Both means as a step from the old value."""
    rate, epsilon = rounded(theta, lr, eps)
    s = lerp(state["s"], grad * grad, rho)
    d = grad * (np.sqrt(state["u"] + epsilon) / np.sqrt(s + epsilon))
    return theta - rate * d, {"s": s, "u": lerp(state["u"], d * d, rho)}


@program("s", "u")
def fused(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Means and theta by fused multiply-adds."""
    rate, epsilon, keep, take = rounded(theta, -lr, eps, rho, 1 - rho)
    s = fma(take * grad, grad, keep * state["s"])
    d = np.sqrt(state["u"] + epsilon) / np.sqrt(s + epsilon) * grad
    return fma(rate, d, theta), {"s": s, "u": fma(keep, state["u"], take * d * d)}


@program("s", "u")
def wide_accumulation(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """Computed in long double; everything before it is rounded."""
    x, g, s, u = wide(theta, grad, state["s"], state["u"])
    keep, take, epsilon = np.longdouble(rho), np.longdouble(1 - rho), np.longdouble(eps)
    s = keep * s + take * g * g
    d = np.sqrt(u + epsilon) / np.sqrt(s + epsilon) * g
    return store(x - np.longdouble(lr) * d, theta), {"s": store(s, theta), "u": store(keep * u + take * d * d, theta)}


@program("s", "u")
def float32_between(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, s, u = single(theta, grad, state["s"], state["u"])
    keep, take, epsilon = np.float32(rho), np.float32(1 - rho), np.float32(eps)
    s = keep * s + take * (g * g)
    d = np.sqrt(u + epsilon) / np.sqrt(s + epsilon) * g
    return store(x - np.float32(lr) * d, theta), {"s": store(s, theta), "u": store(keep * u + take * (d * d), theta)}


@program("s", "u")
def buffers(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """In place with `out=`, in the order of torch's code."""
    rate, epsilon, keep, take = rounded(theta, lr, eps, rho, 1 - rho)
    s, u, new = state["s"].copy(), state["u"].copy(), theta.copy()
    np.multiply(s, keep, out=s)
    s += take * grad * grad
    deviation = np.sqrt(s + epsilon)
    d = np.sqrt(u + epsilon)
    d /= deviation
    d *= grad
    np.multiply(u, keep, out=u)
    u += take * d * d
    new -= rate * d
    return new, {"s": s, "u": u}


@program("s", "u")
def element_loop(theta: Array, grad: Array, state: State, t: int, *, lr: float, rho: float, eps: float) -> Result:
    """A loop over Python floats, each result rounded to the format by integer arithmetic."""
    name = theta.dtype.name

    def r(value: float) -> float:
        return round_float(value, name)

    keep, take, rate, epsilon = r(rho), r(1 - rho), r(lr), r(eps)

    def update(x: float, g: float, s: float, u: float) -> tuple[float, float, float]:
        s = r(r(keep * s) + r(take * r(g * g)))
        d = r(r(divide(r(root(r(u + epsilon))), r(root(r(s + epsilon))))) * g)
        return r(x - r(rate * d)), s, r(r(keep * u) + r(take * r(d * d)))

    new, s, u = each(update, theta, grad, state["s"], state["u"])
    return new, {"s": s, "u": u}


PROGRAMS = (
    correct("adadelta", textbook),
    correct("adadelta", root_times_gradient),
    correct("adadelta", lerp_means),
    correct("adadelta", fused),
    correct("adadelta", wide_accumulation),
    correct("adadelta", float32_between, NARROW),
    correct("adadelta", buffers),
    correct("adadelta", element_loop),
)
