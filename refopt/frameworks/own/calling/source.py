"""Hints of a function's own text on how it is to be called: names of what it returns, keys that it reads, whether it adds one to its counter."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any


@dataclass(frozen=True)
class Source:
    """Facts of a function's text; all empty where there is none.

    returns     by return statement, the names that it returns, "" for what is no name
    keys        texts that stand in it: the keys that it may read
    attributes  names after a dot
    counts_up   the names that one is added to
    calls       names that it calls or reads, of its module
    """

    returns: tuple[tuple[str, ...], ...] = ()
    keys: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    counts_up: frozenset[str] = frozenset()
    names: frozenset[str] = field(default_factory=frozenset)


def plain_function(function: Any) -> Any:
    """The function within wrappers: jitted, partial, decorated, bound."""
    while True:
        inner = function.func if isinstance(function, partial) else inspect.unwrap(function) if callable(function) else function
        inner = getattr(inner, "__func__", inner)
        if inner is function:
            return function
        function = inner


def tree_of(function: Any) -> ast.Module | None:
    """The text of a function, without its wrappers, as a tree; None where there is none, as of what is built in."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(plain_function(function))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None


def source_of(functions: Sequence[Callable[..., Any]]) -> Source:
    """Facts of the texts of some functions; the returns are those of the first."""
    found = [_one(f) for f in functions]
    if not found:
        return Source()
    return Source(
        found[0].returns, frozenset().union(*(s.keys for s in found)), frozenset().union(*(s.attributes for s in found)),
        frozenset().union(*(s.counts_up for s in found)), frozenset().union(*(s.names for s in found)),
    )  # fmt: skip


def _one(function: Callable[..., Any]) -> Source:
    tree = tree_of(function)
    if tree is None:
        return Source()
    nodes = list(ast.walk(tree))
    return Source(
        tuple(_names(n.value) for n in nodes if isinstance(n, ast.Return) and n.value is not None),
        frozenset(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)),
        frozenset(n.attr for n in nodes if isinstance(n, ast.Attribute)),
        frozenset(x for n in nodes for x in _counted(n)),
        frozenset(n.id for n in nodes if isinstance(n, ast.Name)),
    )


def _names(value: ast.expr) -> tuple[str, ...]:
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return tuple(p.id if isinstance(p, ast.Name) else p.attr if isinstance(p, ast.Attribute) else "" for p in parts)


def _counted(node: ast.AST) -> list[str]:
    """Names (or last keys) that one is added to here."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add) and _is_one(node.value):
        return [_last(node.target)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [_last(x) for x, one in ((node.left, node.right), (node.right, node.left)) if _is_one(one)]
    return []


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""
