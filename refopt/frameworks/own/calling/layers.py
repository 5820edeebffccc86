"""Layers: objects that hold parameters beside their gradients, as attributes whose names a method's own text says (weights, dweights; W, dW)."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from refopt.frameworks.argument_names import plain
from refopt.frameworks.own.calling.source import tree_of

Pair = tuple[str, str]
"""The names of a parameter and of its gradient."""
ITSELF = "self"


@dataclass(frozen=True)
class Layers:
    """The layers that an argument is, or holds.

    pairs   names of the parameters and gradients of one layer
    inside  the attribute in which the argument holds them in a list; "" where it is that list, None where it is one layer
    """

    pairs: tuple[Pair, ...]
    inside: str | None

    @property
    def words(self) -> str:
        """As a person calls them."""
        what = "one layer at a time" if self.inside is None else "a list of layers" if not self.inside else f"an object with {self.inside}"
        return f"{what}: {', '.join(f'{p} and {g}' for p, g in self.pairs)}"

    def made(self, values: Sequence[Any]) -> list[Layer]:
        """Layers that hold these parameters; none holds a gradient yet."""
        kind = type("Layer", (Layer,), {"pairs": self.pairs})
        width = len(self.pairs)
        return [kind(values[i : i + width]) for i in range(0, len(values), width)]

    def handed(self, layers: list[Layer]) -> list[Any]:
        """The argument of each call, in one update."""
        if self.inside is None:
            return list(layers)
        return [type("Network", (), {self.inside: layers})()] if self.inside else [layers]


class Layer:
    """A layer, on which an optimizer may leave what it keeps."""

    pairs: ClassVar[tuple[Pair, ...]] = ()

    def __init__(self, values: Sequence[Any]) -> None:
        for (name, _), value in zip(self.pairs, values, strict=True):
            setattr(self, name, value)

    def put(self, gradients: Sequence[Any]) -> None:
        """Attach gradients."""
        for (_, name), gradient in zip(self.pairs, gradients, strict=True):
            setattr(self, name, gradient)

    @property
    def held(self) -> list[Any]:
        """The parameters that it holds now."""
        return [getattr(self, name) for name, _ in self.pairs]


def layers_of(function: Callable[..., Any], constructor: Sequence[str] = ()) -> tuple[str, Layers] | None:
    """The argument of a function that is a layer or holds layers; None where there is none.

    constructor  the arguments of its class, which its object keeps under their names
    """
    tree = tree_of(function)
    try:
        arguments = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return None
    if tree is None:
        return None
    loops = dict(_loops(tree))
    for name, attributes in _attributes(tree).items():
        if not (pairs := pairs_in(attributes)):
            continue
        if name in arguments and name != ITSELF:
            return name, Layers(pairs, None)
        argument, inside = loops.get(name, ("", ""))
        if argument == ITSELF and inside in constructor:
            return inside, Layers(pairs, "")
        if argument in arguments and argument != ITSELF:
            return argument, Layers(pairs, inside)
    return None


def pairs_in(attributes: Sequence[str]) -> tuple[Pair, ...]:
    """Names of which one is the other with a mark of its gradient, in the order in which they stand."""
    found = []
    for name in attributes:
        own = plain(name)
        gradient = next((a for a in attributes if a != name and plain(a) in (f"d{own}", f"grad{own}", f"{own}grad", f"{own}grads", f"{own}gradient")), None)
        if gradient is not None:
            found.append((name, gradient))
    return tuple(found)


def _attributes(tree: ast.AST) -> Mapping[str, list[str]]:
    """By name, the attributes that are read or written of what it stands for."""
    found: dict[str, dict[str, None]] = {}
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset)):
        found.setdefault(node.value.id, {})[node.attr] = None  # type: ignore[attr-defined]
    return {n: list(x) for n, x in found.items()}


def _loops(tree: ast.AST) -> Iterator[tuple[str, tuple[str, str]]]:
    """By name of a loop's variable, the name that it goes through, and the attribute of that, or ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            over = node.iter
            while isinstance(over, ast.Call) and over.args:  # enumerate, reversed, list
                over = over.args[0]
            names = [n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)]
            if isinstance(over, ast.Name):
                yield from ((n, (over.id, "")) for n in names)
            elif isinstance(over, ast.Attribute) and isinstance(over.value, ast.Name):
                yield from ((n, (over.value.id, over.attr)) for n in names)
