"""The families that came after Adam's, each as in its paper: one step on numbers that count their roundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from .counted import Counted, chosen, cube_root, exact, larger, power, root, sign, size, stored
from .program import Array

Numbers: TypeAlias = dict[str, Counted]
Book: TypeAlias = Callable[[str, Counted, Counted, Numbers, int, Mapping[str, float]], tuple[Counted, Numbers]]

ADAM = {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-3}
HYPER: dict[str, dict[str, float]] = {
    "adagrad": {"lr": 0.1, "eps": 1e-3, "s0": 0.25},
    "adagrad/lr_decay": {"lr": 0.1, "eps": 1e-3, "s0": 0.25, "lr_decay": 0.25},
    "adadelta": {"lr": 0.1, "rho": 0.9, "eps": 1e-3},
    "adamax": ADAM,
    "nadam": {**ADAM, "momentum_decay": 0.25},
    "nadam/constant_momentum": ADAM,
    "nadam/one_correction": ADAM,
    "radam": ADAM,
    "adabelief": {**ADAM, "eps_root": 2.0**-10},
    "acprop": {**ADAM, "eps_root": 2.0**-10},
    "adan": {**ADAM, "beta2": 0.875, "beta3": 0.99, "weight_decay": 0.25},
    "ademamix": {**ADAM, "beta3": 0.999, "alpha": 2.0, "weight_decay": 0.25},
    "simplified_ademamix": {**ADAM, "alpha": 0.5},
    "laprop": ADAM,
    "sgdw": {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.25},
    "sign_sgd": {"lr": 0.1},
    "signum": {"lr": 0.1, "beta1": 0.9},
    "signum/decay": {"lr": 0.1, "beta1": 0.9, "weight_decay": 0.25},
    "lion": {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.25},
    "yogi": {**ADAM, "v0": 0.25},
    "optimistic_gd": {"lr": 0.1, "alpha": 0.75, "beta": 0.5},
    "adamaxw": {**ADAM, "weight_decay": 0.25},
    "nadamw": {**ADAM, "weight_decay": 0.25},
    "madgrad": {"lr": 0.1, "momentum": 0.9, "eps": 1e-3},
    "ftrl": {"lr": 0.1, "l1": 0.0625, "l2": 0.25, "beta": 1.0, "s0": 0.25},
    "ftrl/shrinkage": {"lr": 0.1, "l1": 0.0625, "l2": 0.25, "beta": 1.0, "s0": 0.25, "l2_shrinkage": 0.125},
    "asgd": {"lr": 0.1, "lambd": 0.25, "alpha": 0.75, "averaged_after": 2.0},
    "schedule_free_sgd": {"lr": 0.1, "beta1": 0.875},
    "schedule_free_adamw": {**ADAM, "weight_decay": 0.25},
    "adopt": ADAM,
    "rprop": {"lr": 0.1, "eta_minus": 0.4, "eta_plus": 1.3, "step_min": 0.03, "step_max": 0.15},
    "cocob": {"alpha": 3.0, "eps": 0.0078125},
    "cocob/bet": {"alpha": 3.0, "eps": 0.0078125},
    "noisy_sgd": {"lr": 0.1, "noise_variance": 0.5, "noise_decay": 0.55, "noise": -0.75},
}
STATE: dict[str, tuple[str, ...]] = {
    "adagrad": ("s",), "adadelta": ("s", "u"), "adamax": ("m", "u"), "nadam": ("m", "v", "mu_product"), "nadam/constant_momentum": ("m", "v"),
    "nadam/one_correction": ("m", "v"), "radam": ("m", "v"), "adabelief": ("m", "s"), "acprop": ("m", "s"), "adan": ("m", "w", "n", "g_before"),
    "ademamix": ("m", "v", "m_slow"), "simplified_ademamix": ("m", "v"), "laprop": ("m", "v"), "sgdw": ("v",), "sign_sgd": (), "signum": ("m",),
    "lion": ("m",), "yogi": ("m", "v"), "optimistic_gd": ("g_before",), "adamaxw": ("m", "u"), "nadamw": ("m", "v"), "adopt": ("m", "v"),
    "ftrl": ("z", "n"),
    "asgd": ("ax",),
    "schedule_free_sgd": ("z", "weight_sum"), "schedule_free_adamw": ("z", "v", "weight_sum"),
    "cocob": ("scale", "abs_sum", "reward", "negative_sum", "theta_start"),
    "cocob/bet": ("scale", "abs_sum", "reward", "negative_sum", "bet"),
    "rprop": ("update_value", "g_before"), "rprop/late": ("update_value", "pending"), "rprop/plus": ("update_value", "g_before", "last_change"),
    "noisy_sgd": (),
    "madgrad": ("s", "n", "theta_start"),
}  # fmt: skip
FOR_THE_TENSOR = {"mu_product": 1.0, "weight_sum": 0.0}
"""States that are one number, and where they begin."""
STARTS_AT = {("adagrad", "s"): "s0", ("yogi", "v"): "v0", ("ftrl", "n"): "s0", ("rprop", "update_value"): "lr", ("cocob", "scale"): "eps"}
"""By family and state, the hyperparameter at which it begins."""
STARTS_TOO = {("yogi/m0", "m"): "v0"}
"""The same of a variant alone."""


def start_of(rule: str, name: str, like: Array) -> Array:
    """A state before the first step."""
    if name in FOR_THE_TENSOR:
        return np.array(FOR_THE_TENSOR[name])
    if name == "theta_start" or (name == "z" and rule.startswith("schedule_free")):
        return like.copy()
    family = rule.split("/")[0]
    hyper = STARTS_AT.get((family, name)) or STARTS_TOO.get((rule, name))
    return np.full_like(like, HYPER[family][hyper] if hyper else 0.0)


def _mean(old: Counted, new: Counted, decay: float) -> Counted:
    return stored(decay) * old + stored(1 - decay) * new


def _left(decay: float, t: int) -> Counted:
    return 1 - power(decay, t)


def _adagrad(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    s, eps, lr = old["s"] + g * g, stored(h["eps"]), stored(h["lr"])
    if rule == "adagrad/lr_decay":
        lr = lr / (1 + stored(h["lr_decay"]) * (t - 1))
    return x - lr * g / (root(s + eps) if rule == "adagrad/eps_in_sqrt" else root(s) + eps), {"s": s}


def _adadelta(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    eps = stored(h["eps"])
    s = _mean(old["s"], g * g, h["rho"])
    d = root(old["u"] + eps) / root(s + eps) * g
    return x - stored(h["lr"]) * d, {"s": s, "u": _mean(old["u"], d * d, h["rho"])}


def _adamax(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    outside, eps, m = rule == "adamax/eps_outside", stored(h["eps"]), _mean(old["m"], g, h["beta1"])
    u = larger(stored(h["beta2"]) * old["u"], size(g) if outside else size(g) + eps)
    return x - stored(h["lr"]) / _left(h["beta1"], t) * m / (u + eps if outside else u), {"m": m, "u": u}


def _nadam(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    b1, lr = h["beta1"], stored(h["lr"])
    m, v = _mean(old["m"], g, b1), _mean(old["v"], g * g, h["beta2"])
    divisor, new = root(v / _left(h["beta2"], t)) + stored(h["eps"]), {"m": m, "v": v}
    if rule == "nadam/one_correction":
        return x - lr * (_mean(m, g, b1) / _left(b1, t)) / divisor, new
    if rule == "nadam/constant_momentum":
        return x - lr * (stored(b1) * m / _left(b1, t + 1) + stored(1 - b1) * g / _left(b1, t)) / divisor, new
    mu, following = (stored(b1) * (1 - 2 * stored(0.25 * 0.96 ** (n * h["momentum_decay"]))) for n in (t, t + 1))
    product = old["mu_product"] * mu
    step = (1 - mu) / (1 - product) * g + following / (1 - product * following) * m
    return x - lr * step / divisor, {**new, "mu_product": product}


def _radam(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    m, v, lr, eps = _mean(old["m"], g, h["beta1"]), _mean(old["v"], g * g, h["beta2"]), stored(h["lr"]), stored(h["eps"])
    m_hat, left = m / _left(h["beta1"], t), _left(h["beta2"], t)
    last = 2 / (1 - exact(h["beta2"])) - 1
    rho = last - 2 * t * power(h["beta2"], t) / left
    threshold = 4 if rule == "radam/threshold_4" else 5
    if rho.value < threshold or (rho.value == threshold and rule != "radam/eps_on_v_hat"):
        return x - lr * m_hat, {"m": m, "v": v}
    r = root((rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho))
    scaled = root(left) / (root(v) + eps) if rule == "radam" else 1 / (root(v / left) + eps)
    return x - lr * r * m_hat * scaled, {"m": m, "v": v}


def _adabelief(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    m = _mean(old["m"], g, h["beta1"])
    s = _mean(old["s"], (g - m) * (g - m), h["beta2"]) + stored(h["eps_root"])
    return x - stored(h["lr"]) * (m / _left(h["beta1"], t)) / (root(s / _left(h["beta2"], t)) + stored(h["eps"])), {"m": m, "s": s}


def _acprop(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    m = _mean(old["m"], g, h["beta1"])
    apart = g - (old["m"] if rule == "acprop/mean_before" else m)
    s = _mean(old["s"], apart * apart, h["beta2"]) + stored(h["eps_root"])
    below = root(old["s"] / _left(h["beta2"], t - 1)) + stored(h["eps"]) if t > 1 else stored(1 + h["eps"])
    return x - stored(h["lr"]) * (g / below), {"m": m, "s": s}


def _adan(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    d, ahead = g - old["g_before"] if t > 1 else g - g, stored(h["beta2"])
    m, w = _mean(old["m"], g, h["beta1"]), _mean(old["w"], d, h["beta2"])
    n = _mean(old["n"], (g + ahead * d) * (g + ahead * d), h["beta3"])
    left1, left2, left3 = (_left(h[b], t) for b in ("beta1", "beta2", "beta3"))
    step = stored(h["lr"]) * (m / left1 + ahead * w / left2) / (root(n / left3) + stored(h["eps"]))
    return (x - step) / (1 + stored(h["lr"]) * stored(h["weight_decay"])), {"m": m, "w": w, "n": n, "g_before": g}


def _ademamix(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    m, v, slow = _mean(old["m"], g, h["beta1"]), _mean(old["v"], g * g, h["beta2"]), _mean(old["m_slow"], g, h["beta3"])
    step = (m / _left(h["beta1"], t) + stored(h["alpha"]) * slow) / (root(v / _left(h["beta2"], t)) + stored(h["eps"]))
    return x - stored(h["lr"]) * (step + stored(h["weight_decay"]) * x), {"m": m, "v": v, "m_slow": slow}


def _simplified_ademamix(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    m, v = stored(h["beta1"]) * old["m"] + g, _mean(old["v"], g * g, h["beta2"])
    return x - stored(h["lr"]) * (m + stored(h["alpha"]) * g) / (root(v / _left(h["beta2"], t)) + stored(h["eps"])), {"m": m, "v": v}


def _laprop(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    v = _mean(old["v"], g * g, h["beta2"])
    m = _mean(old["m"], stored(h["lr"]) * g / (root(v / _left(h["beta2"], t)) + stored(h["eps"])), h["beta1"])
    return x - m / _left(h["beta1"], t), {"m": m, "v": v}


def _sgdw(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    lr, inside = stored(h["lr"]), rule == "sgdw/lr_inside"
    v = stored(h["momentum"]) * old["v"] + (lr * g if inside else g)
    return x - lr * stored(h["weight_decay"]) * x - (v if inside else lr * v), {"v": v}


def _signs(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    lr, decay = stored(h["lr"]), stored(h.get("weight_decay", 0.0))
    if rule == "sign_sgd":
        return x - lr * sign(g), {}
    seen = _mean(old["m"], g, h["beta1"])
    step = sign(seen, 1.0 if rule == "lion/no_zero" else 0.0) + decay * x
    return x - lr * step, {"m": _mean(old["m"], g, h["beta2"]) if rule.startswith("lion") else seen}


def _yogi(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    m = _mean(old["m"], g, h["beta1"])
    v = old["v"] - stored(1 - h["beta2"]) * sign(old["v"] - g * g) * (g * g)
    m_hat, v_hat = (m / _left(h["beta1"], t), v / _left(h["beta2"], t)) if rule == "yogi/m0" else (m, v)
    return x - stored(h["lr"]) * m_hat / (root(v_hat) + stored(h["eps"])), {"m": m, "v": v}


def _optimistic_gd(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    change = g - old["g_before"] if t > 1 else g - g
    return x - stored(h["lr"]) * (stored(h["alpha"]) * g + stored(h["beta"]) * change), {"g_before": g}


def _decayed(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    step = _adamax if rule == "adamaxw" else _nadam
    new, state = step("adamax" if rule == "adamaxw" else "nadam/constant_momentum", x, g, old, t, h)
    return new - stored(h["lr"]) * stored(h["weight_decay"]) * x, state


def _ftrl(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    lr, l1, l2, n = stored(h["lr"]), stored(h["l1"]), stored(h["l2"]), old["n"] + g * g
    pulled = g + 2 * stored(h["l2_shrinkage"]) * x if rule == "ftrl/shrinkage" else g
    z = old["z"] + pulled - (root(n) - root(old["n"])) / lr * x
    within = larger(-l1, -larger(-l1, -z))
    return -(z - within) / ((stored(h["beta"]) + root(n)) / lr + (l2 if rule == "ftrl" else 2 * l2)), {"z": z, "n": n}


def _asgd(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    rate = stored(h["lr"] / (1 + h["lambd"] * h["lr"] * (t - 1)) ** h["alpha"])
    new = x * (1 - stored(h["lambd"]) * rate) - rate * g
    return new, {"ax": old["ax"] + stored(1 / max(1.0, t - 1 - h["averaged_after"])) * (new - old["ax"])}


def _schedule_free_sgd(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    part, rest, rate = stored(h["beta1"]), stored(1 - h["beta1"]), stored(h["lr"])
    total = old["weight_sum"] + rate * rate
    share = rate * rate / total if total.value > 0 else stored(0.0)
    average, z = (x - rest * old["z"]) / part, old["z"] - rate * g
    average = (1 - share) * average + share * z
    return rest * z + part * average, {"z": z, "weight_sum": total}


def _schedule_free_adamw(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    v = _mean(old["v"], g * g, h["beta2"])
    u = g / (root(v / _left(h["beta2"], t)) + stored(h["eps"])) + stored(h["weight_decay"]) * x
    new, state = _schedule_free_sgd(rule, x, u, old, t, h)
    return new, {"v": v, **state}


def _adopt(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    if t == 1:
        return x, {"m": old["m"], "v": g * g}
    c, divisor = root(root(exact(t - 1))), larger(root(old["v"]), stored(h["eps"]))
    m = _mean(old["m"], -larger(-larger(g / divisor, -c), -c), h["beta1"])
    return x - stored(h["lr"]) * m, {"m": m, "v": _mean(old["v"], g * g, h["beta2"])}


def _rprop(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    before = old["pending" if rule == "rprop/late" else "g_before"]
    signs, least, most = np.sign(g.value) * np.sign(before.value), stored(h["step_min"]), stored(h["step_max"])
    grown, shrunk = old["update_value"] * stored(h["eta_plus"]), old["update_value"] * stored(h["eta_minus"])
    one_sided = [-larger(-most, -grown), larger(least, shrunk)]
    of_both = [-larger(-most, -larger(least, size)) for size in (grown, shrunk, old["update_value"])]
    if rule == "rprop/clamped":
        delta = chosen(signs, *of_both)
    else:
        delta = chosen(signs, *(of_both[:2] if rule == "rprop/late" else one_sided), old["update_value"])
    none = exact(np.zeros_like(g.value))
    if rule == "rprop/late":
        return x - chosen(signs, before, none, before), {"update_value": delta, "pending": chosen(signs, delta * sign(g), none, delta * sign(g))}
    if rule == "rprop/minus":
        return x - delta * sign(g), {"update_value": delta, "g_before": g}
    kept = chosen(signs, g, none, g)
    if rule == "rprop/plus":
        change = chosen(signs, -(delta * sign(g)), -old["last_change"], -(delta * sign(g)))
        return x + change, {"update_value": delta, "g_before": kept, "last_change": change}
    return x - delta * sign(kept), {"update_value": delta, "g_before": kept}


def _cocob(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    bet = old["bet"] if rule == "cocob/bet" else x - old["theta_start"]
    largest, seen, away = larger(old["scale"], size(g)), old["abs_sum"] + size(g), old["negative_sum"] - g
    won = larger(old["reward"] - g * bet, exact(0))
    new = away / (largest * larger(seen + largest, stored(h["alpha"]) * largest)) * (largest + won)
    sums = {"scale": largest, "abs_sum": seen, "reward": won, "negative_sum": away}
    return (x - bet + new, {**sums, "bet": new}) if rule == "cocob/bet" else (old["theta_start"] + new, {**sums, "theta_start": old["theta_start"]})


def _noisy_sgd(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    return x - stored(h["lr"]) * (g + stored((h["noise_variance"] / t ** h["noise_decay"]) ** 0.5) * exact(h["noise"])), {}


def _madgrad(rule: str, x: Counted, g: Counted, old: Numbers, t: int, h: Mapping[str, float]) -> tuple[Counted, Numbers]:
    rate = h["lr"] + h["eps"] if rule == "madgrad/eps_in_lr" else h["lr"]
    weight = stored(rate * t**0.5)
    s, n = old["s"] + weight * g, old["n"] + weight * (g * g)
    z = old["theta_start"] - s / (cube_root(n) + stored(h["eps"]))
    return stored(h["momentum"]) * x + stored(1 - h["momentum"]) * z, {"s": s, "n": n, "theta_start": old["theta_start"]}


BOOKS: dict[str, Book] = {
    "adagrad": _adagrad, "adadelta": _adadelta, "adamax": _adamax, "nadam": _nadam, "radam": _radam, "adabelief": _adabelief, "acprop": _acprop, "adan": _adan,
    "ademamix": _ademamix, "simplified_ademamix": _simplified_ademamix, "laprop": _laprop, "sgdw": _sgdw, "sign_sgd": _signs, "signum": _signs,
    "lion": _signs, "yogi": _yogi, "optimistic_gd": _optimistic_gd, "adamaxw": _decayed, "nadamw": _decayed,
    "ftrl": _ftrl,
    "asgd": _asgd,
    "schedule_free_sgd": _schedule_free_sgd, "schedule_free_adamw": _schedule_free_adamw,
    "adopt": _adopt,
    "rprop": _rprop,
    "cocob": _cocob,
    "noisy_sgd": _noisy_sgd,
    "madgrad": _madgrad,
}  # fmt: skip
"""By family, a step of each of its rules."""
