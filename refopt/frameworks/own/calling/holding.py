"""The holding of parameters and gradients when a function is called: an array a call, or all of them in a list, a dict or objects."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from types import SimpleNamespace
from typing import Any

from refopt.conformance.protocol.implementation import Array
from refopt.conformance.protocol.in_process import Lacking, Misbehaved
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.own.calling.layers import Layer, Layers
from refopt.frameworks.own.calling.libraries import Library, given, taken_back
from refopt.rounding.formats import Format


class Holding(Enum):
    """A container of parameters."""

    ONE = "an array a call"
    NUMBER = "a number a call"
    LIST = "a list of arrays"
    DICT = "a dict of arrays"
    LAYERS = "a dict of layers: W1, b1, W2 ..., with gradients dW1, db1 ..."
    NUMBERS = "a list of numbers"
    OBJECTS = "a list of objects with data and grad"
    LAYER_OBJECTS = "layers that hold their parameters and gradients"

    @property
    def together(self) -> bool:
        """True where one call updates all tensors."""
        return self not in (Holding.ONE, Holding.NUMBER)


    def width(self, layers: Layers | None) -> int:
        """The number of tensors that belong together: those of one layer."""
        return 2 if self is Holding.LAYERS else len(layers.pairs) if layers is not None else 1


def keys_of(holding: Holding, count: int) -> list[str]:
    """The keys of a dict of so many tensors."""
    if holding is Holding.LAYERS:
        return [f"{'Wb'[i % 2]}{i // 2 + 1}" for i in range(count)]
    return [f"p{i}" for i in range(count)]


def held(
    holding: Holding, library: Library, values: Sequence[Array], f: Format, *, gradients: bool = False, leaf: bool = False, layers: Layers | None = None
) -> Any:
    """The container of these arrays: new objects."""
    if holding in (Holding.ONE, Holding.NUMBER):
        (value,) = values
        return given(library, value, f, leaf=leaf)
    if holding is Holding.NUMBERS:
        return [given(library, x.reshape(-1)[i], f) for x in values for i in range(x.size)]
    made = [given(library, x, f, leaf=leaf) for x in values]
    if holding is Holding.LAYER_OBJECTS and layers is not None and not gradients:
        return layers.made(made)
    if holding in (Holding.LIST, Holding.LAYER_OBJECTS):
        return made
    if holding is Holding.OBJECTS:
        return [SimpleNamespace(data=x, grad=None) for x in made]
    mark = "d" if holding is Holding.LAYERS and gradients else ""
    return {f"{mark}{n}": x for n, x in zip(keys_of(holding, len(made)), made, strict=True)}


def members(holding: Holding, container: Any, like: Sequence[Array]) -> list[Any] | None:
    """The members of a container of this kind; None where it is none."""
    if holding in (Holding.ONE, Holding.NUMBER):
        return [container]
    if holding is Holding.LAYER_OBJECTS and isinstance(container, list) and all(isinstance(x, Layer) for x in container):
        inside = [x for layer in container for x in layer.held]
        return inside if len(inside) == len(like) else None
    if holding in (Holding.DICT, Holding.LAYERS):
        keys = keys_of(holding, len(like))
        return [container[n] for n in keys] if isinstance(container, dict) and set(keys) == set(container) else None
    count = sum(x.size for x in like) if holding is Holding.NUMBERS else len(like)
    if not isinstance(container, list | tuple) or len(container) != count:
        return None
    return [x.data for x in container] if holding is Holding.OBJECTS and all(hasattr(x, "data") for x in container) else list(container)


def arrays_in(holding: Holding, container: Any, like: Sequence[Array], f: Format) -> list[Array] | None:
    """Copies of the arrays in a container, of the shapes of `like`; None where it does not hold such."""
    found = members(holding, container, like)
    if found is None:
        return None
    arrays = [taken_back(x, f) for x in found]
    if holding is Holding.NUMBERS:
        return _cut(arrays, like)
    same = all(x is not None and x.shape == y.shape for x, y in zip(arrays, like, strict=True))
    return [x for x in arrays if x is not None] if same else None


def _cut(numbers: Sequence[Array | None], like: Sequence[Array]) -> list[Array] | None:
    import numpy as np

    if any(x is None or x.shape or (x.dtype.kind == "f" and x.dtype != np.float64) for x in numbers):  # numbers of Python are binary64
        return None
    values, found = iter(numbers), []
    for x in like:
        found.append(np.array([float(next(values)) for _ in range(x.size)], dtype=np.float64).reshape(x.shape))  # type: ignore[arg-type]
    return found


def in_format(arrays: Sequence[Array], f: Format, what: str = "theta") -> list[Array]:
    """The arrays, of the format that is judged. Raises Lacking where they are of another format of numbers, Misbehaved where they are no such numbers."""
    for x in arrays:
        if x.dtype != f.dtype and x.dtype.kind in "fV":
            raise Lacking(Reason(Why.RETURNS_ANOTHER_FORMAT, (f.name, what, str(x.dtype))))
        if x.dtype != f.dtype:
            raise Misbehaved(f"it returned {what} as {x.dtype}, not {f.name}")
    return list(arrays)


