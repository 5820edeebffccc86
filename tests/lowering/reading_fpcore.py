"""A reader of FPCore, written from its standard (fpbench.org) and not from how refopt prints: as trees of refopt, and as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.language.expression import Expression, literal, operation, pi, scalar
from refopt.language.expression import where as choice

_BINARY = {"+": "add", "*": "mul", "/": "div", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "fmax": "max", "fmin": "min"}
_CALLS = {"fabs": "abs"}
_NUMBERS: dict[str, Any] = {
    "+": np.add, "*": np.multiply, "/": np.divide, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal,
    "and": np.logical_and, "fmax": np.maximum, "fmin": np.minimum, "fabs": np.abs, "pow": np.power,
    **{name: getattr(np, name) for name in ("sqrt", "floor", "exp", "log", "cos", "sin", "tanh", "cbrt")},
}  # fmt: skip


@dataclass(frozen=True)
class Core:
    """A core: its name, its arguments, its properties, its body."""

    name: str
    arguments: tuple[str, ...]
    properties: Mapping[str, Any]
    body: Any


def read_cores(text: str) -> list[Core]:
    """Every core of a file."""
    tokens = re.findall(r'"[^"]*"|[()]|[^\s()"]+', re.sub(r";.*", "", text))
    cores = []
    while tokens:
        head, name, arguments, *rest = _form(tokens)
        assert head == "FPCore" and len(rest) % 2 == 1
        cores.append(Core(name, tuple(arguments), dict(zip(rest[:-1:2], rest[1:-1:2], strict=True)), rest[-1]))
    return cores


def _form(tokens: list[str]) -> Any:
    token = tokens.pop(0)
    if token != "(":
        return token
    found = []
    while tokens[0] != ")":
        found.append(_form(tokens))
    tokens.pop(0)
    return found


def tree(form: Any, names: Mapping[str, Expression]) -> Expression:
    """The tree that a form means; a bound name stands for its tree."""
    match form:
        case str() as word if re.match(r"-?\d", word):
            return literal(word)
        case "PI":
            return pi
        case str() as word:
            return names.get(word, scalar(word))
        case ["let", [["x", inner]], ["*", "x", "x"]]:
            return operation("square", tree(inner, names))
        case ["let", [["x", inner]], ["if", *_]]:
            return operation("sign", tree(inner, names))
        case ["let*", bindings, body]:
            known = dict(names)
            for name, value in bindings:
                known[name] = tree(value, known)
            return tree(body, known)
        case ["if", *parts]:
            return choice(*(tree(p, names) for p in parts))
        case ["-", x]:
            return operation("neg", tree(x, names))
        case ["-", x, y]:
            return operation("sub", tree(x, names), tree(y, names))
        case ["*", str() as x, str() as y] if x == y and x.isidentifier():
            return operation("square", tree(x, names))
        case [op, *args]:
            return operation(_BINARY.get(op, _CALLS.get(op, op)), *(tree(a, names) for a in args))
    raise AssertionError(f"not understood: {form}")


def value(form: Any, values: Mapping[str, Any]) -> Any:
    """The numbers that a form means, every operation in binary64."""
    match form:
        case "PI":
            return math.pi
        case str() as word:
            return values[word] if word in values else np.float64(word)
        case ["let" | "let*", bindings, body]:
            known = dict(values)
            for name, bound in bindings:
                known[name] = value(bound, known)
            return value(body, known)
        case ["if", condition, then, otherwise]:
            chosen = value(condition, values)
            if np.ndim(chosen) == 0:
                return value(then if chosen else otherwise, values)
            return np.where(chosen, value(then, values), value(otherwise, values))
        case ["-", x]:
            return np.negative(value(x, values))
        case ["-", x, y]:
            return np.subtract(value(x, values), value(y, values))
        case [op, *args]:
            return _NUMBERS[op](*(value(a, values) for a in args))
    raise AssertionError(f"not understood: {form}")
