"""Logs as frameworks write them: float32, printed with 7 digits, no state."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.identify.log import Log, logs
from refopt.identify.table import read
from tests.data.make_logs import Floats, quadratic, written

Rate = Callable[[int], float]
Step = Callable[[Floats, float], Floats]


@dataclass(frozen=True)
class Run:
    """A run to be logged. `changing`: the rate falls to half; `logged`: whether the log tells the rate."""

    lr: float
    steps: int = 40
    elements: int = 4
    changing: bool = False
    logged: bool = False
    seed: int = 0

    def rate(self, step: int) -> float:
        """The learning rate of step 0, 1, ..."""
        return self.lr * (1 - 0.5 * step / self.steps) if self.changing else self.lr


def text(run: Run, start: Callable[[Floats], tuple[Callable[[], Floats], Step]]) -> str:
    """The CSV of a run; `start(theta0)` gives how theta is read, and the step (gradient, rate) -> theta."""
    theta0, gradient = quadratic(run.elements, run.seed)
    reading, step = start(theta0)
    thetas, grads = [reading()], []
    for s in range(run.steps):
        grads.append(gradient(thetas[-1]))
        thetas.append(step(grads[-1], run.rate(s)))
    return written(thetas, grads, [run.rate(s) for s in range(run.steps)] if run.logged else None)


def torch_start(make: Callable[[list[Any]], Any]) -> Callable[[Floats], tuple[Callable[[], Floats], Step]]:
    """A run of a torch optimizer."""
    import torch

    def start(theta0: Floats) -> tuple[Callable[[], Floats], Step]:
        theta = torch.nn.Parameter(torch.tensor(theta0))
        optimizer = make([theta])

        def step(g: Floats, rate: float) -> Floats:
            optimizer.param_groups[0]["lr"] = rate
            theta.grad = torch.tensor(g)
            optimizer.step()
            return theta.detach().numpy().copy()

        return lambda: theta.detach().numpy().copy(), step

    return start


def optax_start(make: Callable[[Any], Any]) -> Callable[[Floats], tuple[Callable[[], Floats], Step]]:
    """A run of an optax transformation; `make` gets the rate, which changes by a schedule where it changes."""
    import jax.numpy as jnp
    import optax

    def start(theta0: Floats) -> tuple[Callable[[], Floats], Step]:
        optimizer = optax.inject_hyperparams(lambda learning_rate: make(learning_rate))(learning_rate=0.0)
        theta = jnp.asarray(theta0)
        state = optimizer.init(theta)

        def step(g: Floats, rate: float) -> Floats:
            nonlocal theta, state
            state.hyperparams["learning_rate"] = jnp.asarray(rate, jnp.float32)
            updates, state = optimizer.update(jnp.asarray(g), state, theta)
            theta = optax.apply_updates(theta, updates)
            return np.array(theta)

        return lambda: np.array(theta), step

    return start


def keras_start(make: Callable[[Any, float], Any]) -> Callable[[Floats], tuple[Callable[[], Floats], Step]]:
    """A run of a keras optimizer; `make(keras.optimizers, rate)`."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    def start(theta0: Floats) -> tuple[Callable[[], Floats], Step]:
        theta = keras.Variable(theta0)
        optimizer = make(keras.optimizers, 0.01)  # the rate is set at each step
        optimizer.build([theta])

        def step(g: Floats, rate: float) -> Floats:
            optimizer.learning_rate = rate
            optimizer.apply([keras.ops.convert_to_tensor(g)], [theta])
            return np.array(keras.ops.convert_to_numpy(theta.value))

        return lambda: np.array(keras.ops.convert_to_numpy(theta.value)), step

    return start


def readings(content: str, folder: Any) -> tuple[Log, ...]:
    """The log of a CSV's text."""
    path = folder / "log.csv"
    path.write_text(content)
    return logs(read(str(path)), str(path))
