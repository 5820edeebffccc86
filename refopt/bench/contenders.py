"""Contenders of `refopt bench step`: our two engines, the textbook NumPy expression, and those of frameworks, each as one update.

A contender is made for one rule, one format and one starting point, and holds its own arrays. None stands for what there is not.
"""

from __future__ import annotations

import importlib
from typing import Any

from refopt.frameworks import measurements
from refopt.frameworks.measured import Make, Step
from refopt.optim import optimizer
from refopt.optim.compiler import NotCompiled
from refopt.optim.plans import names_of_inputs, plan


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
    grads, inputs = [g], {name: [g.copy()] for name in names_of_inputs(plan(rule))}
    return lambda: made.step(grads, **inputs)


def textbook(rule: str, theta: Any, g: Any, threads: int) -> Step:
    """The formula as one writes it in NumPy: the generated code, new arrays for every operation."""
    code = importlib.import_module(f"refopt.generated.numpy.{rule}")
    inputs = [g.copy() for _ in names_of_inputs(plan(rule))]
    held = {"theta": theta, "state": code.init(theta), "t": 0}

    def step() -> None:
        held["t"] += 1
        held["theta"], held["state"] = code.step(held["theta"], g, *inputs, held["state"], held["t"])

    return step


CONTENDERS: dict[str, Make] = {
    "C": our_c,
    "NumPy": our_numpy,
    "textbook": textbook,
    **{name: make for found in measurements() for name, make in found.contenders.items()},
}
"""By the name in the table, ours first."""
YARDSTICK = next((found.yardstick for found in measurements() if found.yardstick), "")
"""The contender that our engines are to be as fast as."""
LEGEND = "; ".join(found.legend for found in measurements() if found.legend)
"""Meaning of the names of frameworks' contenders."""


def short(name: str) -> str:
    """Name of a contender in a narrow column: without its framework's, where that has several."""
    return next((rest for found in measurements() if (rest := name.removeprefix(f"{found.framework} ")) != name), name)
