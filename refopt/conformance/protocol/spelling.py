"""Spelling of an implementation: a dotted name, and keyword arguments as in Python: `torch.optim.Adam(fused=True)`."""

from __future__ import annotations

import ast
import shlex
import sys
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


def parse(text: str, *, nested: bool = False) -> Spelling:
    """The name and the arguments. Nothing is evaluated but literals; `nested`, an argument may be a list of other spellings.

    Raises RefoptError for anything else: positional arguments, names, calls inside the arguments; and for numbers that are not finite.
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
    return Spelling(written, path, {} if call is None else _keywords(call, written, path, nested))


def of_own(text: str) -> Spelling:
    """The name and the arguments where the name is no dotted one: `python:mine:Adam(lr=0.1)`.

    Raises RefoptError as `parse` does.
    """
    written = text.strip()
    path, bracket, arguments = written.partition("(")
    if not bracket:
        return Spelling(written, written)
    try:
        call = ast.parse(f"_({arguments}", mode="eval").body
    except (SyntaxError, ValueError):
        raise _unreadable(written) from None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        raise _unreadable(written)
    return Spelling(written, path, _keywords(call, written, path))


def written(arguments: Mapping[str, Any]) -> str:
    """Keyword arguments in brackets, as they stand after a name; nothing where there are none."""
    return f"({', '.join(f'{n}={x!r}' for n, x in arguments.items())})" if arguments else ""


def with_argument(text: str, name: str) -> str:
    """The spelling with one more argument, which is True."""
    written = text.strip()
    if not written.endswith(")"):
        return f"{written}({name}=True)"
    inside = written[:-1].rstrip()
    return f"{inside}{name}=True)" if inside.endswith(("(", ",")) else f"{inside}, {name}=True)"


def _keywords(call: ast.Call, written: str, path: str, nested: bool = False) -> dict[str, Any]:
    """The literal keyword arguments of a call."""
    if call.args or any(k.arg is None for k in call.keywords):
        raise RefoptError(f"{written}: only keyword arguments can be read", help=f"write {path}(name=value, ...)")
    arguments: dict[str, Any] = {}
    for keyword in call.keywords:
        if nested and isinstance(keyword.value, ast.List | ast.Tuple) and any(isinstance(x, ast.Call | ast.Attribute | ast.Name) for x in keyword.value.elts):
            arguments[str(keyword.arg)] = [parse(ast.unparse(x), nested=True) for x in keyword.value.elts]
            continue
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            shown = ast.unparse(keyword.value)
            raise RefoptError(f"{written}: {keyword.arg} = {shown} is not a literal", help="write a number, True or a tuple") from None
        if not _finite(value):
            raise RefoptError(f"{written}: {keyword.arg} holds a number that is too large for any format", help="write a finite number")
        arguments[str(keyword.arg)] = value
    return arguments


def _finite(value: Any) -> bool:
    """True where every number in a literal is within the range of binary64: one beyond it is read as infinity."""
    if isinstance(value, int | float):
        return abs(value) <= sys.float_info.max
    inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, tuple | list | set) else ()
    return all(_finite(x) for x in inside)


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return None if inner is None else f"{inner}.{node.attr}"
    return None


def _is_expression(text: str) -> bool:
    name, bracket, arguments = text.partition("(")
    try:
        ast.parse(f"_({arguments}" if ":" in name and bracket else text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def _unreadable(text: str) -> RefoptError:
    closed = f"{text})" if text.count("(") == text.count(")") + 1 else ""
    if closed and _is_expression(closed):
        return RefoptError(f"{text!r} has no closing bracket", help=f"refopt check {shlex.quote(closed)}")
    examples = "torch.optim.Adam, torch.optim.Adam(fused=True) or python:module:Class(lr=0.1)"
    return RefoptError(f"{text!r} does not name an implementation", help=f"write {examples}")
