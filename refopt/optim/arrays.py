"""Parameters and gradients as people hand them in: what can be updated in place, what goes through a copy, what is refused.

An array that is not contiguous, not aligned or in the other byte order is worked on in a copy, which changes no value.
Arrays that share memory are refused among the parameters and copied among the gradients.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from refopt.errors import RefoptError
from refopt.generated.numpy._arguments import _is_floating

Array: TypeAlias = NDArray[Any]
Key: TypeAlias = int | str
Arrays: TypeAlias = Array | Sequence[Array] | Mapping[str, Array]
"""One array, a list of them, or named ones."""


@dataclass
class Parameter:
    """One parameter.

    array   the user's own
    theta   what is updated: a flat view of it, or of a copy in native order where there is no such view
    state   by name, flat, of the same format
    kept    by name, the states of one value: Python numbers
    """

    key: Key
    array: Array
    theta: Array
    state: dict[str, Array] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)

    @property
    def is_copied(self) -> bool:
        """True where theta is a copy, so that values are carried to it before an update and back after it."""
        return not np.may_share_memory(self.array, self.theta)


def named(arrays: Any, what: str) -> dict[Key, Any]:
    """One array, a list or a mapping of them, by key. Raises RefoptError."""
    if isinstance(arrays, np.ndarray):
        return {0: arrays}
    if isinstance(arrays, Mapping):
        return dict(arrays)
    if isinstance(arrays, Sequence) and not isinstance(arrays, str | bytes):
        return dict(enumerate(arrays))
    raise RefoptError(f"{what} are a {type(arrays).__name__}", help="hand in an array, a list of arrays, or a dict of them")


def parameters(arrays: Any) -> list[Parameter]:
    """The parameters, none of them copied unless it must be. Raises RefoptError for what cannot be updated in place."""
    if not isinstance(arrays, np.ndarray | Mapping | Sequence) and hasattr(arrays, "__iter__"):
        arrays = list(arrays)
    found = [_parameter(key, x) for key, x in named(arrays, "parameters").items()]
    _refuse_overlap(found)
    return found


def _parameter(key: Key, x: Any) -> Parameter:
    where = f"parameter {key!r}"
    if not isinstance(x, np.ndarray):
        raise RefoptError(f"{where} is a {type(x).__name__}, not a NumPy array", help="parameters are changed in place: numpy.array(x) makes one")
    if isinstance(x, np.ma.MaskedArray):
        raise RefoptError(f"{where} is a masked array", help="hand in its data: x.data")
    if not _is_floating(x.dtype.newbyteorder("=")):
        raise RefoptError(f"{where} has dtype {x.dtype}; an update needs a floating-point dtype", help="convert it: x.astype(numpy.float32)")
    if not x.flags.writeable:
        raise RefoptError(f"{where} is read-only", help="parameters are changed in place: hand in a copy, x.copy()")
    if _repeats_itself(x):
        raise RefoptError(f"{where} holds the same memory more than once", help="hand in a copy, x.copy()")
    plain = x.flags.c_contiguous and x.flags.aligned and x.dtype.isnative
    theta = x.view(np.ndarray).reshape(-1) if plain else np.array(x, dtype=x.dtype.newbyteorder("="), order="C", subok=False).reshape(-1)
    return Parameter(key, x, theta)


def _repeats_itself(x: Array) -> bool:
    """True where two elements may share memory: an axis is not longer than what lies inside it."""
    extent = x.itemsize
    for stride, length in sorted((abs(s), n) for s, n in zip(x.strides, x.shape, strict=True) if n > 1):
        if stride < extent:
            return x.size > 0
        extent += stride * (length - 1)
    return False


def _refuse_overlap(found: Sequence[Parameter]) -> None:
    placed = sorted(((*bounds(p.array), p) for p in found if p.array.size), key=lambda x: x[:2])
    for i, (_, end, p) in enumerate(placed):
        for begin, _, other in placed[i + 1 :]:
            if begin >= end:
                break
            if _share(p.array, other.array):
                raise RefoptError(f"parameters {p.key!r} and {other.key!r} share memory", help="hand in each array once")


def _share(a: Array, b: Array) -> bool:
    try:
        return np.shares_memory(a, b, max_work=100_000)  # type: ignore[arg-type]  # the stubs know two special values only
    except np.exceptions.TooHardError:
        return True


def bounds(x: Array) -> tuple[int, int]:
    """The first byte that an array may touch, and the one after the last."""
    low = high = x.__array_interface__["data"][0] if x.dtype.kind != "V" else x.view(np.uint8 if x.itemsize == 1 else f"u{x.itemsize}").ctypes.data
    for stride, length in zip(x.strides, x.shape, strict=True):
        if stride < 0:
            low += stride * (length - 1)
        else:
            high += stride * (length - 1)
    return low, high + x.itemsize


class Occupied:
    """The memory that an update writes: where a gradient lies in it, the gradient is copied first."""

    def __init__(self, arrays: Sequence[Array]) -> None:
        spans = sorted(bounds(x) for x in arrays if x.size)
        self.starts, self.ends, end = [b for b, _ in spans], list[int](), 0
        for _, e in spans:
            end = max(end, e)
            self.ends.append(end)

    def touches(self, x: Array) -> bool:
        """True where an array may lie in it."""
        begin, end = bounds(x)
        i = bisect_right(self.starts, end - 1) - 1
        return i >= 0 and self.ends[i] > begin


def as_array(given: Any, what: str) -> Array:
    """The argument as a plain array. Raises RefoptError for what is none, or has values that do not count."""
    if isinstance(given, np.ma.MaskedArray):
        raise RefoptError(f"{what} is a masked array", help="hand in its data: x.data")
    if type(given) is np.ndarray:
        return given
    try:
        return np.asarray(given)
    except Exception as error:
        raise RefoptError(f"{what} cannot be read as an array: {' '.join(str(error).split())[:120]}", help="hand in a NumPy array") from None


def gradient(given: Any, p: Parameter, occupied: Occupied) -> Array:
    """The gradient of a parameter, flat, contiguous, in native order, apart from what is written. Raises RefoptError."""
    g = as_array(given, f"the gradient of {p.key!r}")
    if g.dtype != p.theta.dtype and g.dtype.newbyteorder("=") != p.theta.dtype:
        raise RefoptError(f"the gradient of {p.key!r} has dtype {g.dtype}, the parameter {p.theta.dtype}", help=f"convert it: g.astype({p.theta.dtype})")
    if g.shape != p.array.shape:
        raise RefoptError(
            f"the gradient of {p.key!r} has shape {g.shape}, the parameter {p.array.shape}",
            help="one number an element of the parameter: reduce over a batch first, or g.reshape(...)",
        )
    if g.dtype == p.theta.dtype and g.flags.c_contiguous and g.flags.aligned and not occupied.touches(g):
        return g.reshape(-1) if g.ndim != 1 else g
    return np.array(g, dtype=p.theta.dtype, order="C", subok=False).reshape(-1)
