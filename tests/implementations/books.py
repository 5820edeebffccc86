"""Every optimizer as in the books, in long double, and how far from it rounding can lead any way of writing one step."""

from __future__ import annotations

from typing import Any

import numpy as np

from .books_of_families import BOOKS
from .books_of_families import HYPER as HYPER_OF_FAMILIES
from .books_of_families import STATE as STATE_OF_FAMILIES
from .counted import Counted, exact
from .program import Array, Result, State

HYPER = {
    **HYPER_OF_FAMILIES,
    "sgd": {"lr": 0.1},
    "momentum": {"lr": 0.1, "momentum": 0.9},
    "momentum/dampened": {"lr": 0.1, "momentum": 0.9, "dampening": 0.25},
    "nesterov": {"lr": 0.1, "momentum": 0.9},
    "rmsprop": {"lr": 0.1, "rho": 0.9, "eps": 1e-3},
    "adam": {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-3},
    "adam/l2": {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-3, "weight_decay": 2.0**-6},
    "adamw": {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-3, "weight_decay": 0.25},
    "amsgrad": {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-3},
}
STATE = {**STATE_OF_FAMILIES, "sgd": (), "momentum": ("v",), "nesterov": ("v",), "rmsprop": ("v",), "rmsprop/centered": ("v", "m"),
         "adam": ("m", "v"), "adamw": ("m", "v"), "amsgrad": ("m", "v", "v_max")}  # fmt: skip


def hyper_of(rule: str) -> dict[str, float]:
    """Hyperparameters to try a rule or variant with."""
    return dict(HYPER.get(rule) or HYPER[rule.split("/")[0]])


def state_of(rule: str) -> tuple[str, ...]:
    """Names of the state of a rule or variant."""
    return STATE.get(rule) or STATE[rule.split("/")[0]]


def reference(rule: str, theta: Array, grad: Array, state: State, t: int, **hyper: float) -> Result:
    """Every rule as in the books, in long double."""
    family = rule.split("/")[0]
    if family in BOOKS:
        moved, after = _counted(rule, theta, grad, state, t, hyper)
        return moved.value, {n: c.value for n, c in after.items()}
    x, g = theta.astype(np.longdouble), grad.astype(np.longdouble)
    old = {name: array.astype(np.longdouble) for name, array in state.items()}
    long = {name: np.longdouble(value) for name, value in hyper.items()}
    if family == "sgd":
        return x - long["lr"] * g, {}
    velocity = family in ("momentum", "nesterov")
    step, new = (_velocity if velocity else _mean_square if family == "rmsprop" else _moments)(rule, x, g, old, t, long)
    return x - step, new


def _counted(rule: str, theta: Array, grad: Array, state: State, t: int, hyper: dict[str, float]) -> tuple[Counted, dict[str, Counted]]:
    with np.errstate(all="ignore"):
        return BOOKS[rule.split("/")[0]](rule, exact(theta), exact(grad), {n: exact(x) for n, x in state.items()}, t, hyper)


def _velocity(rule: str, x: Array, g: Array, old: State, t: int, hyper: dict[str, Any]) -> Result:
    lr, decay = hyper["lr"], hyper["momentum"]
    inside = rule in ("momentum", "nesterov")
    part = lr * g if inside else (1 - hyper.get("dampening", 0)) * g
    v = decay * old["v"] + part
    step = decay * v + part if rule.startswith("nesterov") else v
    return step if inside else lr * step, {"v": v}


def _mean_square(rule: str, x: Array, g: Array, old: State, t: int, hyper: dict[str, Any]) -> Result:
    lr, rho, eps = hyper["lr"], hyper["rho"], hyper["eps"]
    new = {"v": rho * old["v"] + (1 - rho) * g * g}
    if rule == "rmsprop/eps_in_sqrt":
        return lr * g / np.sqrt(new["v"] + eps), new
    if rule == "rmsprop":
        return lr * g / (np.sqrt(new["v"]) + eps), new
    new["m"] = rho * old["m"] + (1 - rho) * g
    return lr * g / (np.sqrt(new["v"] - new["m"] ** 2) + eps), new


def _moments(rule: str, x: Array, g: Array, old: State, t: int, hyper: dict[str, Any]) -> Result:
    lr, b1, b2, eps = hyper["lr"], hyper["beta1"], hyper["beta2"], hyper["eps"]
    q1, q2 = 1 - b1**t, 1 - b2**t
    if rule == "adam/l2":
        g = g + hyper["weight_decay"] * x
    m, v = b1 * old["m"] + (1 - b1) * g, b2 * old["v"] + (1 - b2) * g * g
    new = {"m": m, "v": v}
    if rule.startswith("amsgrad"):
        new["v_max"] = np.maximum(old["v_max"], v / q2 if rule == "amsgrad/max_hat" else v)
        v = new["v_max"] * q2 if rule == "amsgrad/max_hat" else new["v_max"]
    if rule == "adam/eps_hat":
        step = np.sqrt(q2) / q1 * m / (np.sqrt(v) + eps)
    elif rule == "adam/eps_in_sqrt":
        step = m / q1 / np.sqrt(v / q2 + eps)
    elif rule == "adam/uncorrected":
        step = m / (np.sqrt(v) + eps)
    else:
        step = m / q1 / (np.sqrt(v / q2) + eps)
    return lr * (step + hyper["weight_decay"] * x if rule == "adamw" else step), new


ON_THETA = 3
"""Roundings that theta itself goes through: the difference, after another one or a scaling by 1 - lr*weight_decay that was rounded."""
ON_MOMENTS = {"m": 4, "v": 5, "v_max": 5}
"""The factor, the product, the sum, or one more for a difference before them; and the square."""
ON_VELOCITY = {"v": 4}
ON_G_L2 = 5
"""Three roundings of g + weight_decay*theta, in a sum that is at most 5/3 times as large with all signs positive: |g| >= 1/8, its other part <= 1/32."""
ON_CORRECTION = 3
"""The factor 1 - beta^t, its reciprocal, the product."""
AFTER = 9
"""Root, eps and the sum with it, reciprocal and product, lr and the product with it (and with another factor): what follows the moments."""


MOST = ON_MOMENTS["m"] + ON_G_L2 + ON_CORRECTION + (ON_MOMENTS["v"] + 2 * ON_G_L2 + ON_CORRECTION) / 2 + AFTER
"""The most that a first step goes through, that of adam/l2; from a state of zeros nothing cancels in it."""


OTHER_WAYS = 2
"""Another way of writing a step of the later families rounds at most so many times as often as the one in the books."""


def lost_in_correction(beta: float, t: int) -> float:
    """Roundings that 1 - beta^t comes to: beta^t has one for each factor, or the two of a library's power, magnified by the difference."""
    return max(t, 2) * beta**t / (1 - beta**t) if t > 1 and beta else 0.0


def allowed(rule: str, theta: Array, grad: Array, state: State, t: int, hyper: dict[str, float], u: float) -> State:
    """By state variable, and for theta: how far any way of writing one step can be from the exact one.

    A quantity that went through n roundings is off by at most (1 + u)^n - 1 times what it would be with all signs positive.
    """
    family = rule.split("/")[0]
    if family in BOOKS:
        new, counted = _counted(rule, theta, grad, state, t, hyper)
        return {n: OTHER_WAYS * u * c.error for n, c in (*counted.items(), ("theta", new))}
    right, after = reference(rule, theta, grad, state, t, **hyper)
    _, positive = reference(rule, np.abs(theta), np.abs(grad), {n: np.abs(x) for n, x in state.items()}, t, **hyper)
    decay = hyper["lr"] * hyper["weight_decay"] * theta if rule == "adamw" else 0 * theta
    step = np.abs(theta - right - decay)
    counts: dict[str, Any] = dict(ON_VELOCITY if family in ("momentum", "nesterov") else ON_MOMENTS)
    if rule == "adam/l2":
        counts = {n: count + (1 if n == "m" else 2) * ON_G_L2 for n, count in counts.items()}
    root: Any = counts["v"] / 2
    along = counts.get("m", 0) if family not in ("sgd", "rmsprop") else 0
    if family in ("adam", "adamw", "amsgrad"):
        narrow = u > 2.0**-53  # there the factors are formed in binary64 and rounded once
        first, second = (ON_CORRECTION + (0 if narrow else lost_in_correction(hyper[b], t)) for b in ("beta1", "beta2"))
        counts["v_max"] += second if rule == "amsgrad/max_hat" else 0
        root, along = root + second / 2, along + first
        step = step * np.divide(positive["m"], np.abs(after["m"]), out=np.ones_like(step), where=after["m"] != 0)
    if rule == "rmsprop/centered":  # the difference under the root magnifies what both parts have
        square = after["m"] ** 2
        root = (counts["v"] * after["v"] + (2 * counts["m"] + 1) * positive["m"] * np.abs(after["m"])) / (after["v"] - square) / 2 + 1
    if family in ("momentum", "nesterov"):
        bare = 1 if rule in ("momentum", "nesterov") else hyper["lr"]
        g = np.abs(grad) * (hyper["lr"] if bare == 1 else 1 - hyper.get("dampening", 0))
        step = bare * (hyper["momentum"] * positive["v"] + g if family == "nesterov" else positive["v"])
        root, along = 0, counts["v"]
    total = along + root + AFTER
    step = step + np.abs(decay)
    size = np.abs(theta) + step
    return {n: np.expm1(counts[n] * np.log1p(u)) * positive[n] for n in positive} | {
        "theta": np.expm1(ON_THETA * np.log1p(u)) * size + np.expm1(total * np.log1p(u)) * step
    }
