"""optax in `refopt bench`, on jax's CPU: update and addition compiled together, their arrays donated."""

from __future__ import annotations

import importlib
from typing import Any

from refopt.frameworks.installed import is_installed
from refopt.frameworks.measured import Measured, Step

OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("sgd", {"learning_rate": 1e-2}),
    "momentum": ("sgd", {"learning_rate": 1e-2, "momentum": 0.9}),
    "nesterov": ("sgd", {"learning_rate": 1e-2, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("rmsprop", {"learning_rate": 1e-3}),
    "adam": ("adam", {"learning_rate": 1e-3}),
    "adamw": ("adamw", {"learning_rate": 1e-3, "weight_decay": 0.01}),
    "amsgrad": ("amsgrad", {"learning_rate": 1e-3}),
}
"""By rule: the function that computes it, and its arguments."""


def _contender(rule: str, theta: Any, g: Any, threads: int) -> Step | None:
    if not (is_installed("jax") and is_installed("optax")) or rule not in OPTIMIZERS:
        return None
    jax: Any = importlib.import_module("jax")
    package: Any = importlib.import_module("optax")

    jax.config.update("jax_enable_x64", True)
    name, arguments = OPTIMIZERS[rule]
    made = getattr(package, name)(**arguments)

    def update(x: Any, state: Any, gradient: Any) -> Any:
        changes, state = made.update(gradient, state, x)
        return package.apply_updates(x, changes), state

    compiled = jax.jit(update, donate_argnums=(0, 1))
    x, gradient = jax.numpy.array(theta), jax.numpy.array(g)
    held = {"x": x, "state": made.init(x)}

    def step() -> None:
        held["x"], held["state"] = compiled(held["x"], held["state"], gradient)
        jax.block_until_ready(held["x"])

    return step


def _prepare() -> None:
    importlib.import_module("optax")


MEASURED = Measured(
    "optax",
    {"optax": _contender},
    "optax: jitted",
    proofs={"optax-adam": "optax.adam", "optax-adamw": "optax.adamw", "optax-rmsprop": "optax.rmsprop", "optax-amsgrad": "optax.amsgrad"},
    prepare=_prepare,
)
