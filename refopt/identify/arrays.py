"""Arithmetic over NumPy arrays in binary64, element by element: a formula evaluated for many settings at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from refopt.language.evaluate import Arithmetic, ilog


def _ilog(x: Any, base: Any) -> Any:
    """The integer logarithm of whole numbers, each by itself."""
    return np.vectorize(lambda a, b: float(ilog(int(a), int(b))) if np.isfinite(a) and np.isfinite(b) else np.nan, otypes=[float])(x, base)


OPERATIONS: dict[str, Callable[..., Any]] = {
    "pow": np.power, "square": np.square, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "max": np.maximum, "min": np.minimum,
    "floor": np.floor, "exp": np.exp, "log": np.log, "cos": np.cos, "sin": np.sin, "tanh": np.tanh, "cbrt": np.cbrt, "cast": lambda x: x,
    "ilog": _ilog,
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "and": np.logical_and, "or": np.logical_or, "where": np.where,
}  # fmt: skip
"""Operations that the operators of Python do not write."""

ARRAYS = Arithmetic("array", float, lambda: math.pi, OPERATIONS)
"""The arithmetic; its numbers are arrays or floats."""
