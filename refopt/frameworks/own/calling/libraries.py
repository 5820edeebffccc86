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


HOMES = {Library.JAX: frozenset(("jax", "optax", "flax")), Library.TORCH: frozenset(("torch",))}
"""The packages whose functions take these arrays."""


def libraries_of(functions: Sequence[Callable[..., Any]]) -> tuple[Library, ...]:
    """Libraries worth a trial: those that the functions name come first, then those that their modules import; NumPy and plain numbers are always tried.

    A function may call methods of its arrays alone, and so name no library.
    """
    named: list[str] = []
    imported: list[str] = []
    for function in map(plain_function, functions):
        code, known = getattr(function, "__code__", None), getattr(function, "__globals__", {})
        for name in names_in(code):
            value = known.get(name)
            named.append(name if value is None else _home(value))
        imported += [_home(x) for x in known.values()]
    first, beside = _found(named), [x for x in _found(imported) if x not in _found(named)]
    rest = (Library.NUMPY, Library.PYTHON)
    return (*first, *rest, *beside) if "numpy" in imported else (*first, *beside, *rest)


def _home(x: Any) -> str:
    """The package that a module is of, or where something was defined; "" where it does not say."""
    return (x.__name__ if isinstance(x, ModuleType) else str(getattr(x, "__module__", "") or "")).partition(".")[0]


def _found(packages: Sequence[str]) -> list[Library]:
    return [x for x, homes in HOMES.items() if not homes.isdisjoint(packages) and is_installed(x.value)]


def names_in(code: Any) -> Iterator[str]:
    """The names that code and the functions inside of it use."""
    if code is None:
        return
    yield from code.co_names
    for inner in code.co_consts:
        if hasattr(inner, "co_names"):
            yield from names_in(inner)


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
