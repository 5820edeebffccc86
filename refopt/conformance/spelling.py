"""How people spell an implementation: a dotted name, and keyword arguments as in Python: `torch.optim.Adam(fused=True)`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from refopt.errors import RefoptError


@dataclass(frozen=True)
class Spelling:
    """A dotted name with literal keyword arguments; `text` is what was written."""

    text: str
    path: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def parse(text: str) -> Spelling:
    """The name and the arguments. Nothing is evaluated but literals.

    Raises RefoptError for anything else: positional arguments, names, calls inside the arguments.
    """
    written = text.strip()
    try:
        node = ast.parse(written, mode="eval").body
    except (SyntaxError, ValueError):
        raise _unreadable(written) from None
    call = node if isinstance(node, ast.Call) else None
    path = _dotted(call.func if call else node)
    if path is None:
        raise _unreadable(written)
    if call is None:
        return Spelling(written, path)
    if call.args or any(k.arg is None for k in call.keywords):
        raise RefoptError(f"{written}: only keyword arguments can be read", help=f"write {path}(name=value, ...)")
    arguments: dict[str, Any] = {}
    for keyword in call.keywords:
        try:
            arguments[str(keyword.arg)] = ast.literal_eval(keyword.value)
        except ValueError:
            shown = ast.unparse(keyword.value)
            raise RefoptError(f"{written}: {keyword.arg} = {shown} is not a literal", help="write a number, True or a tuple") from None
    return Spelling(written, path, arguments)


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return None if inner is None else f"{inner}.{node.attr}"
    return None


def _unreadable(text: str) -> RefoptError:
    examples = "torch.optim.Adam, torch.optim.Adam(fused=True) or python:module:factory"
    return RefoptError(f"{text!r} does not name an implementation", help=f"write {examples}")
