"""Contenders of `refopt bench step`: our two engines, torch, optax, and the textbook NumPy expression, each as one update.

A contender is made for one rule, one format and one starting point, and holds its own arrays: torch's foreach Nesterov
changes the gradient too. None stands for what a package
does not have (torch has no fused RMSprop).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeAlias

from refopt.frameworks.installed import is_installed
from refopt.optim import optimizer
from refopt.optim.compiler import NotCompiled

Step: TypeAlias = Callable[[], None]
Make: TypeAlias = Callable[[str, Any, Any, int], Step | None]
"""Makes an update of a rule from theta, a gradient and a number of threads."""

TORCH: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("SGD", {"lr": 1e-2}),
    "momentum": ("SGD", {"lr": 1e-2, "momentum": 0.9}),
    "nesterov": ("SGD", {"lr": 1e-2, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("RMSprop", {"lr": 1e-3, "alpha": 0.9}),
    "adam": ("Adam", {}),
    "adamw": ("AdamW", {}),
    "amsgrad": ("Adam", {"amsgrad": True}),
}
OPTAX: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("sgd", {"learning_rate": 1e-2}),
    "momentum": ("sgd", {"learning_rate": 1e-2, "momentum": 0.9}),
    "nesterov": ("sgd", {"learning_rate": 1e-2, "momentum": 0.9, "nesterov": True}),
    "rmsprop": ("rmsprop", {"learning_rate": 1e-3}),
    "adam": ("adam", {"learning_rate": 1e-3}),
    "adamw": ("adamw", {"learning_rate": 1e-3, "weight_decay": 0.01}),
    "amsgrad": ("amsgrad", {"learning_rate": 1e-3}),
}


def our_c(rule: str, theta: Any, g: Any, threads: int) -> Step | None:
    """The C engine."""
    return _ours("c", rule, theta, g, threads)


def our_numpy(rule: str, theta: Any, g: Any, threads: int) -> Step | None:
    """The NumPy engine."""
    return _ours("numpy", rule, theta, g, threads)


def _ours(engine: str, rule: str, theta: Any, g: Any, threads: int) -> Step | None:
    if engine == "c":
        from refopt.optim.c_engine import compiled

        try:
            compiled(rule)
        except NotCompiled:
            return None
    made = optimizer(rule)([theta], engine=engine, threads=threads)
    grads = [g]
    return lambda: made.step(grads)


def textbook(rule: str, theta: Any, g: Any, threads: int) -> Step:
    """The formula as one writes it in NumPy: the generated code, new arrays for every operation."""
    code = importlib.import_module(f"refopt.generated.numpy.{rule}")
    held = {"theta": theta, "state": code.init(theta), "t": 0}

    def step() -> None:
        held["t"] += 1
        held["theta"], held["state"] = code.step(held["theta"], g, held["state"], held["t"])

    return step


def _torch(**how: bool) -> Make:
    def make(rule: str, theta: Any, g: Any, threads: int) -> Step | None:
        if not is_installed("torch"):
            return None
        import torch

        torch.set_num_threads(threads)
        name, arguments = TORCH[rule]
        parameter = torch.nn.Parameter(torch.from_numpy(theta))
        parameter.grad = torch.from_numpy(g)
        try:
            made = getattr(torch.optim, name)([parameter], **arguments, **how)
        except (TypeError, RuntimeError):
            return None
        return lambda: made.step()

    return make


def optax(rule: str, theta: Any, g: Any, threads: int) -> Step | None:
    """optax on jax's CPU: update and addition compiled together, their arrays donated."""
    if not (is_installed("jax") and is_installed("optax")):
        return None
    jax: Any = importlib.import_module("jax")
    package: Any = importlib.import_module("optax")

    jax.config.update("jax_enable_x64", True)
    name, arguments = OPTAX[rule]
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


CONTENDERS: dict[str, Make] = {
    "C": our_c,
    "NumPy": our_numpy,
    "textbook": textbook,
    "torch fused": _torch(fused=True),
    "torch foreach": _torch(foreach=True),
    "torch loop": _torch(foreach=False),
    "optax": optax,
}
"""By the name in the table, ours first."""
