"""Asking a schedule for numbers: in the format that refopt judges in, and of an object around an optimizer."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Rates
from refopt.rounding.formats import FLOAT64


def inside(optimizer: Any, around: Any, steps: Sequence[int]) -> Rates:
    """The rate of each update of an object around an optimizer, which it sets before it makes it."""
    wanted, seen = set(steps), {}
    for k in range(max(steps) + 1):
        around.step()
        if k in wanted:
            seen[k] = float(optimizer.param_groups[0]["lr"])
    return Rates(tuple(seen[k] for k in steps))


def scope() -> AbstractContextManager[None]:
    """The context in which a schedule is asked: frameworks that are there compute in binary64."""
    if "keras" in sys.modules:
        from refopt.frameworks.keras.backend import in_binary64

        return in_binary64(FLOAT64)
    if "jax" in sys.modules:
        from refopt.frameworks.jax_mode import jax_mode

        return jax_mode(FLOAT64)
    return contextlib.nullcontext()


def number(x: Any) -> float:
    """A number of whatever library."""
    return float(x.detach()) if hasattr(x, "detach") else float(np.asarray(x).reshape(()))
