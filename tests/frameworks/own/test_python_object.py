"""Anybody's object: what its signature says of its hyperparameters."""

from __future__ import annotations

import math

import numpy as np

import refopt
from refopt.frameworks.own.python_object import from_factory


class Infinite:
    """Descent whose rate is infinite where none is given, and that limits gradients at infinity: not at all."""

    def init(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        """Nothing is remembered."""
        return {}

    def step(
        self, theta: np.ndarray, grad: np.ndarray, state: dict[str, np.ndarray], t: int, *, lr: float = math.inf, limit: float = math.inf, halves: int = 1
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:  # fmt: skip
        """One update."""
        return theta - theta.dtype.type(lr) * np.minimum(grad, theta.dtype.type(limit)), {}


def test_an_infinite_default_is_no_setting() -> None:
    assert from_factory(Infinite, "it", "sgd").settings == {"halves": 1.0}  # type: ignore[union-attr]


def test_an_infinite_default_is_judged_where_it_shows_and_only_there() -> None:
    report = refopt.check(Infinite, "sgd", dtypes=["float64"])
    lines = {line.case.kind: line.verdict for line in report.found.worst.ground.lines if line.case.kind in ("defaults", "open_loop")}
    assert lines == {"defaults": "deviates", "open_loop": "conforms"}
