"""The arrays that a function computes with: NumPy's, torch's, JAX's, or plain numbers of Python."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from types import ModuleType
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Array
from refopt.conformance.protocol.in_process import Lacking
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.installed import is_installed
from refopt.frameworks.jax_mode import jax_mode
from refopt.frameworks.own.calling.source import plain_function
from refopt.rounding.formats import Format


class Library(Enum):
    """A kind of array."""

    NUMPY = "numpy"
    TORCH = "torch"
    JAX = "jax"
    PYTHON = "python"

    @property
    def words(self) -> str:
        """As a person calls it."""
        return {"numpy": "NumPy arrays", "torch": "torch tensors", "jax": "JAX arrays", "python": "numbers"}[self.value]


def libraries_of(functions: Sequence[Callable[..., Any]]) -> tuple[Library, ...]:
    """Libraries worth a trial: those that the functions' modules name come first; NumPy and plain numbers are always tried."""
    named: list[str] = []
    for function in map(plain_function, functions):
        code, known = getattr(function, "__code__", None), getattr(function, "__globals__", {})
        for name in _names(code):
            value = known.get(name)
            home = value.__name__ if isinstance(value, ModuleType) else str(getattr(value, "__module__", "") or "") if value is not None else name
            named.append(home.partition(".")[0])
    homes = {Library.JAX: ("jax", "optax", "flax"), Library.TORCH: ("torch",)}
    found = [x for x, packages in homes.items() if any(n in packages for n in named) and is_installed(x.value)]
    return (*found, Library.NUMPY, Library.PYTHON)


def _names(code: Any) -> Iterator[str]:
    if code is None:
        return
    yield from code.co_names
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            yield from _names(inner)


def scope(library: Library, f: Format) -> AbstractContextManager[None]:
    """The context of a run with arrays of this library."""
    return jax_mode(f) if library is Library.JAX else contextlib.nullcontext()


def given(library: Library, x: Array, f: Format, *, leaf: bool = False) -> Any:
    """A copy of an array for a function. `leaf`: a tensor of torch that can hold its gradient.

    Raises Lacking for a format that the library does not have.
    """
    if library is Library.NUMPY:
        return x.copy()
    if library is Library.JAX:
        import jax

        return jax.device_put(x)
    if library is Library.PYTHON:
        if f.name != "float64":
            raise Lacking(Reason(Why.ONLY_BINARY64, (f.name,)))
        return x.astype(np.float64).item()
    import torch

    raw = np.array(x, order="C", copy=True)
    tensor = torch.from_numpy(raw.view(np.int16)).view(torch.bfloat16) if f.name == "bfloat16" else torch.from_numpy(raw)
    return torch.nn.Parameter(tensor, requires_grad=True) if leaf else tensor


def taken_back(x: Any, f: Format) -> Array | None:
    """A copy of what a function holds, as an array; None where it is no array of numbers."""
    if isinstance(x, bool | str | bytes | dict | list | tuple | set) or x is None or callable(x):
        return None
    if type(x).__module__.partition(".")[0] == "torch":
        import torch

        if not isinstance(x, torch.Tensor):
            return None
        x = x.detach()
        raw: Array = x.view(torch.int16).numpy().view(f.dtype) if x.dtype is torch.bfloat16 and f.name == "bfloat16" else x.numpy()
        return raw.copy()
    if not (isinstance(x, int | float | np.ndarray | np.generic) or hasattr(x, "__array__")):
        return None
    try:
        found: Array = np.array(x)
    except Exception:
        return None
    return found if found.dtype.kind in "fiuV" else None


def put_into(library: Library, held: Any, x: Array, f: Format) -> None:
    """Write a value into an array in place."""
    if library is Library.TORCH:
        import torch

        with torch.no_grad():
            held.copy_(given(library, x, f))
    else:
        held[...] = x
