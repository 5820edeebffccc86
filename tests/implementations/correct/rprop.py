"""Rprop without backtracking (iRprop-), and as torch (`clamped`) and optax (`late`) have it, and its relatives `minus` and `plus`."""

from __future__ import annotations

import numpy as np

from ..arithmetic import chunks, fma, round_float, rounded, single, store, wide
from ..program import NARROW, Array, Program, Result, State, correct, program


class Started(Program):
    """Steps that begin at the rate; whatever else is kept begins at zero."""

    def init(self, theta: Array, lr: float = 0.01) -> State:
        """The state before the first gradient."""
        return {name: np.full_like(theta, round_float(lr, theta.dtype.name) if name == "update_value" else 0.0) for name in self.names}


def resized(before: Array, signs: Array, less: Array, more: Array, least: Array, most: Array) -> Array:
    """Grown up to one limit where the signs agree, shrunk down to the other where they do not."""
    grown, shrunk = np.minimum(before * more, most), np.maximum(before * less, least)
    return np.where(signs > 0, grown, np.where(signs < 0, shrunk, before))


@program("update_value", "g_before", kind=Started)
def textbook(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """As written, by masks."""
    less, more, least, most = rounded(theta, eta_minus, eta_plus, step_min, step_max)
    delta, g, p = state["update_value"].copy(), grad.copy(), grad * state["g_before"]
    same, changed = p > 0, p < 0
    delta[same] = np.minimum(delta[same] * more, most)
    delta[changed] = np.maximum(delta[changed] * less, least)
    g[changed] = 0
    return theta - np.sign(g) * delta, {"update_value": delta, "g_before": g}


@program("update_value", "g_before", kind=Started)
def by_factor(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """One factor an element, chosen by the sign of the product; the limit of the side that is chosen."""
    less, more, least, most, one, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 1.0, 0.0)
    sign = np.sign(grad) * np.sign(state["g_before"])
    delta = state["update_value"] * np.where(sign > 0, more, np.where(sign < 0, less, one))
    delta = np.where(sign > 0, np.minimum(delta, most), np.where(sign < 0, np.maximum(delta, least), delta))
    g = np.where(sign < 0, none, grad)
    return theta - np.where(g != 0, np.copysign(delta, g), none), {"update_value": delta, "g_before": g}


@program("update_value", "g_before", kind=Started)
def by_comparison(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """Signs are compared, nothing is multiplied but the steps; theta moves where there is a gradient."""
    less, more, least, most = rounded(theta, eta_minus, eta_plus, step_min, step_max)
    before = state["g_before"]
    same = ((grad > 0) & (before > 0)) | ((grad < 0) & (before < 0))
    changed = ((grad > 0) & (before < 0)) | ((grad < 0) & (before > 0))
    grown, shrunk = state["update_value"] * more, state["update_value"] * less
    delta = np.where(same, np.where(grown < most, grown, most), np.where(changed, np.where(shrunk > least, shrunk, least), state["update_value"]))
    new = theta.copy()
    np.subtract(new, delta, out=new, where=(grad > 0) & ~changed)
    np.add(new, delta, out=new, where=(grad < 0) & ~changed)
    return new, {"update_value": delta, "g_before": np.where(changed, theta.dtype.type(0), grad)}


@program("update_value", "g_before", kind=Started)
def in_place(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """In place on private copies, seven elements at a time, as torch's own loop multiplies and then holds what was multiplied."""
    less, more, least, most = rounded(theta, eta_minus, eta_plus, step_min, step_max)
    new, delta, before, g = theta.flatten(), state["update_value"].flatten(), state["g_before"].flatten(), grad.ravel()
    for part in chunks(theta.size, 7):
        signs = np.sign(g[part] * before[part])
        delta[part][signs > 0] = np.minimum(delta[part][signs > 0] * more, most)
        delta[part][signs < 0] = np.maximum(delta[part][signs < 0] * less, least)
        before[part] = g[part]
        before[part][signs < 0] = 0
        new[part] += -delta[part] * np.sign(before[part])
    return new.reshape(theta.shape), {"update_value": delta.reshape(theta.shape), "g_before": before.reshape(theta.shape)}


@program("update_value", "g_before", kind=Started)
def fused(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """theta by a fused multiply-add with the sign."""
    less, more, least, most = rounded(theta, eta_minus, eta_plus, step_min, step_max)
    p = state["g_before"] * grad
    delta = resized(state["update_value"], p, less, more, least, most)
    g = np.where(p < 0, theta.dtype.type(0), grad)
    return fma(-np.sign(g), delta, theta), {"update_value": delta, "g_before": g}


@program("update_value", "g_before", kind=Started)
def wide_accumulation(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """Computed in long double; theta uses the step before it is rounded."""
    x, g, delta, before = wide(theta, grad, state["update_value"], state["g_before"])
    p = g * before
    grown, shrunk = np.minimum(delta * np.longdouble(eta_plus), np.longdouble(step_max)), np.maximum(delta * np.longdouble(eta_minus), np.longdouble(step_min))
    delta = np.where(p > 0, grown, np.where(p < 0, shrunk, delta))
    g = np.where(p < 0, np.longdouble(0), g)
    return store(x - delta * np.sign(g), theta), {"update_value": store(delta, theta), "g_before": store(g, theta)}


@program("update_value", "g_before", kind=Started)
def float32_between(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """float32 arithmetic for a narrower format."""
    x, g, delta, before = single(theta, grad, state["update_value"], state["g_before"])
    p = g * before
    grown, shrunk = np.minimum(delta * np.float32(eta_plus), np.float32(step_max)), np.maximum(delta * np.float32(eta_minus), np.float32(step_min))
    delta = np.where(p > 0, grown, np.where(p < 0, shrunk, delta))
    g = np.where(p < 0, np.float32(0), g)
    return store(x - delta * np.sign(g), theta), {"update_value": store(delta, theta), "g_before": store(g, theta)}


@program("update_value", "g_before", kind=Started)
def clamped(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """`clamped`: a factor of 1 where a gradient is zero, and both limits always."""
    less, more, least, most, one = rounded(theta, eta_minus, eta_plus, step_min, step_max, 1.0)
    p = grad * state["g_before"]
    delta = np.maximum(np.minimum(state["update_value"] * np.where(p > 0, more, np.where(p < 0, less, one)), most), least)
    g = np.where(p >= 0, grad, theta.dtype.type(0))
    return theta - delta * np.sign(g), {"update_value": delta, "g_before": g}


@program("update_value", "pending", kind=Started)
def late(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """`late`: what is due is taken where the new gradient agrees, and the new step becomes due."""
    less, more, least, most, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 0.0)
    due = state["pending"]
    sign = np.sign(grad) * np.sign(due)
    delta = np.where(sign == 0, state["update_value"], np.minimum(np.maximum(state["update_value"] * np.where(sign > 0, more, less), least), most))
    return theta + np.where(sign < 0, none, -due), {"update_value": delta, "pending": np.where(sign < 0, none, np.sign(grad) * delta)}


@program("update_value", "g_before", kind=Started)
def minus(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """`minus`: the gradient is kept whatever its sign is."""
    less, more, least, most = rounded(theta, eta_minus, eta_plus, step_min, step_max)
    agree = np.sign(grad) * np.sign(state["g_before"])
    delta = resized(state["update_value"], agree, less, more, least, most)
    return theta - np.sign(grad) * delta, {"update_value": delta, "g_before": grad.copy()}


@program("update_value", "g_before", "last_change", kind=Started)
def plus(
    theta: Array, grad: Array, state: State, t: int, *, lr: float, eta_minus: float, eta_plus: float, step_min: float, step_max: float
) -> Result:
    """`plus`: what was added is taken off again."""
    less, more, least, most, none = rounded(theta, eta_minus, eta_plus, step_min, step_max, 0.0)
    agree = np.sign(grad) * np.sign(state["g_before"])
    delta = resized(state["update_value"], agree, less, more, least, most)
    change = np.where(agree < 0, -state["last_change"], -np.sign(grad) * delta)
    return theta + change, {"update_value": delta, "g_before": np.where(agree < 0, none, grad), "last_change": change}


PROGRAMS = (
    correct("rprop", textbook),
    correct("rprop", by_factor),
    correct("rprop", by_comparison),
    correct("rprop", in_place),
    correct("rprop", fused),
    correct("rprop", wide_accumulation),
    correct("rprop", float32_between, NARROW),
    correct("rprop/clamped", clamped),
    correct("rprop/late", late),
    correct("rprop/minus", minus),
    correct("rprop/plus", plus),
)
