"""Seeded configurations for implementations: hyperparameters, sizes, resumed states, zero and subnormal gradients, and what is given beside those."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from refopt.language.rule import Rule
from refopt.rounding.formats import Format

ELEMENTS = 5
STEPS = 2
CHOICES: dict[str, tuple[float, ...]] = {
    "lr": (0.001, 0.01, 2.0**-10, 0.3), "momentum": (0.9, 0.0, 0.99, 0.875), "dampening": (0.0, 0.1, 0.5), "rho": (0.9, 0.99, 0.5, 0.0),
    "beta1": (0.9, 0.9, 0.0, 0.5, 0.95), "beta2": (0.999, 0.999, 1 - 2.0**-26, 0.5, 0.99), "eps": (1e-8, 1e-8, 0.0, 1e-3),
    "weight_decay": (0.01, 0.0, 0.5), "eps_root": (1e-16, 1e-8, 0.0, 1e-3), "beta3": (0.9999, 0.5, 0.0), "alpha": (5.0, 0.0, 0.5),
    "s0": (0.0, 0.1, 0.5), "lr_decay": (0.01, 0.0, 0.125), "momentum_decay": (0.004, 1.0, 0.25, 0.0),
    "v0": (1e-6, 0.0, 0.25), "beta": (1.0, 0.0, 0.5), "lr_max": (0.001, 0.3, 0.01), "clip_exponent": (0.333, 0.25, 1.0),
    "l1": (0.0, 0.01, 0.5), "l2": (0.0, 0.25, 2.0), "l2_shrinkage": (0.0, 0.125, 1.0),
    "lambd": (1e-4, 0.0, 0.25), "averaged_after": (1e6, 0.0, 2.0),
    "eta_minus": (0.25, 0.5, 0.7),
    "eta_plus": (1.2, 1.5, 2.0),
    "step_min": (0.0, 1e-6, 0.0078125),
    "step_max": (0.0625, 1.0, 50.0),
    "noise_variance": (0.01, 0.0, 0.25, 4.0),
    "noise_decay": (0.55, 0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Configuration:
    """One run: hyperparameters, one rate a step, the first update's number, and the data in a format; `inputs` by name, one array a step."""

    hyper: Mapping[str, float]
    rates: tuple[float, ...]
    t0: int
    theta: NDArray[np.generic]
    state: Mapping[str, NDArray[np.generic]] | None
    grads: tuple[NDArray[np.generic], ...]
    inputs: Mapping[str, tuple[NDArray[np.generic], ...]] = field(default_factory=dict)


def configuration(rule: Rule, f: Format, seed: int) -> Configuration:
    """The configuration of that seed."""
    rng = random.Random(f"{rule.name} {f.name} {seed}")
    hyper = {h.name: rng.choice([x for x in CHOICES[h.name] if h.allows(x)]) for h in rule.hyper}
    rate, factor = hyper.get("lr", 1.0), rng.choice((1.0, 0.5))
    rates = (rate, rate * factor)
    t0 = rng.choice((1, 1, 1, 250, 2**24)) if rule.state else 1
    scale = rng.choice((1.0, 1.0, 1e-3, 1e-6, 1e3)) if f.name != "float16" else rng.choice((1.0, 0.05, 8.0))
    subnormal = float(f.smallest_subnormal) * rng.randint(1, 40) if f.name != "float64" else 5e-324 * rng.randint(1, 40)

    def row(size: float, zeros: bool = False) -> NDArray[np.generic]:
        values = [rng.gauss(0, 1) * size for _ in range(ELEMENTS)]
        if zeros and rng.random() < 0.3:
            values[rng.randrange(ELEMENTS)] = rng.choice((0.0, subnormal))
        return np.array(values).astype(f.dtype)

    state = None
    if t0 > 1:
        state = {s.name: np.abs(row(scale * scale)) if s.symbol.sign else row(scale / 8) for s in rule.state}
        state |= {s.name: np.full_like(state[s.name], state[s.name].flat[0]) for s in rule.scalar_state}
        if "v_max" in state and "v" in state:
            state["v_max"] = np.maximum(state["v"], state["v_max"])
    theta, grads = row(rng.choice((0.0, 1.0, 1.0))), tuple(row(scale, True) for _ in range(STEPS))
    return Configuration(hyper, rates, t0, theta, state, grads, {name: tuple(row(1.0, True) for _ in range(STEPS)) for name in rule.input_names})


def exact(values: Mapping[str, float]) -> dict[str, Fraction]:
    """Hyperparameters as exact numbers."""
    return {k: Fraction(v) for k, v in values.items()}
