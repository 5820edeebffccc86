"""What the generated modules share: arguments checked in one line each, integer powers, scalars rounded once. Needs NumPy only."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, SupportsFloat, SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
"""An array of any shape and any floating-point format."""


def arrays(given: Mapping[str, Array], state: Mapping[str, Array] | None = None, *names: str, beside: tuple[str, ...] = ()) -> tuple[Array, ...]:
    """The arrays of an update, theta first, then those of the state. `beside` are the states of one value, which are no arrays.

    Raises TypeError for a format that is not floating-point or not theta's, ValueError for another shape than theta's
    or a state that lacks a name or has one too many.
    """
    kept = dict(state or {})
    if sorted(kept) != sorted((*names, *beside)):
        raise ValueError(f"the state has {_listed(kept)}; the rule keeps {_listed((*names, *beside))}")
    kept = {name: x for name, x in kept.items() if name not in beside}
    every = {name: np.asarray(x) for name, x in (given | kept if isinstance(given, dict) else {**given, **kept}).items()}
    theta = every["theta"]
    if not _is_floating(theta.dtype):
        raise TypeError(f"theta has dtype {theta.dtype}; an update needs a floating-point dtype such as float32")
    for name, x in every.items():
        if x.dtype != theta.dtype:
            raise TypeError(f"{name} has dtype {x.dtype}, theta has {theta.dtype}; both must be the same")
        if x.shape != theta.shape:
            raise ValueError(f"{name} has shape {x.shape}, theta has {theta.shape}; both must be the same")
    return tuple(every[name] for name in (*given, *names))


def real(state: Mapping[str, Any], name: str) -> float:
    """A state of one value as a binary64 number. Raises ValueError for one that has several values."""
    value = np.asarray(state[name])
    if value.size != 1:
        raise ValueError(f"{name} has {value.size} values; the rule keeps one")
    return float(value.reshape(()))


def whole(state: Mapping[str, Any], name: str) -> int:
    """A state of one value as a Python integer. Raises ValueError for one that has several values or is no whole number."""
    value = real(state, name)
    if value != int(value):
        raise ValueError(f"{name} = {value} is not a whole number")
    return int(value)


def _listed(names: Any) -> str:
    return ", ".join(names) or "nothing"


def _is_floating(dtype: np.dtype[Any]) -> bool:
    """Whether a dtype is binary floating-point: NumPy's own, or a foreign one (ml_dtypes') that can hold one half."""
    if issubclass(dtype.type, np.floating):
        return True
    if dtype.kind != "V" or dtype.fields is not None or dtype.type is np.void:
        return False
    return bool(np.asarray(0.5).astype(dtype).astype(np.float64) == 0.5)


def counter(value: SupportsIndex, first: int) -> int:
    """A step's number as a Python integer. Raises TypeError for what is no integer, ValueError below `first`."""
    name = "t" if first else "k"
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} = {value!r} is not an integer; steps are counted {first}, {first + 1}, {first + 2}, ...")
    number = operator.index(value)
    if number < first:
        raise ValueError(f"{name} = {number} is below {first}; steps are counted {first}, {first + 1}, {first + 2}, ...")
    return number


def floats(*values: SupportsFloat) -> tuple[float, ...]:
    """Hyperparameters as binary64 numbers."""
    return tuple(float(x) for x in values)


def integers(*values: SupportsIndex) -> tuple[int, ...]:
    """Integer hyperparameters as Python integers. Raises TypeError for what is no integer."""
    return tuple(operator.index(x) for x in values)


def ilog(x: int, base: int) -> int:
    """The integer logarithm: the largest i with base**i <= x; 0 where x < 1 or base < 2."""
    found = 0
    while 2 <= base <= x:
        x, found = x // base, found + 1
    return found


def power(base: float, exponent: int) -> float:
    """An integer power by repeated squaring: products of binary64 numbers only, the same bits in every language."""
    result, factor, left = 1.0, float(base), abs(exponent)
    while left:
        if left % 2 == 1:
            result *= factor
        factor *= factor
        left //= 2
    return result if exponent >= 0 else 1 / result


def total(x: Array) -> Any:
    """The sum of all elements, in the array's format; of formats with 16 bits added up in float32 and rounded once."""
    return x.sum(dtype=_accumulated(x.dtype)).astype(x.dtype)


def largest(x: Array) -> Any:
    """The largest element; of none, zero."""
    return x.max(initial=-np.inf) if x.size else x.dtype.type(0)


def _accumulated(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.itemsize >= 4 else np.dtype(np.float32)


def rounder(dtype: np.dtype[Any]) -> Callable[[float], Any]:
    """The function that rounds a binary64 scalar once, to nearest, to an array's format.

    A scalar of the arrays' own type keeps their format in `scalar * array`; a Python float would widen ml_dtypes' arrays.
    """
    if issubclass(dtype.type, np.floating):
        return lambda x: _quietly(dtype.type, x)
    return lambda x: _quietly(dtype.type, _to_odd_float32(x))


def _quietly(number_type: Callable[[Any], Any], x: Any) -> Any:
    with np.errstate(all="ignore"):
        return number_type(x)


def _to_odd_float32(x: float) -> Any:
    """x in float32, an inexact one with an odd last digit: then a second rounding, to a narrower format, acts as one on x."""
    near = _quietly(np.float32, x)
    if not np.isfinite(x) or float(near) == x:
        return near
    if abs(float(near)) > abs(x):
        near = np.nextafter(near, np.float32(0))
    return (near.view(np.uint32) | np.uint32(1)).view(np.float32)
