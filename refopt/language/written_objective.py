"""A person's own objective: a loss written as text, or as a Python function of SymPy symbols."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from refopt.errors import RefoptError
from refopt.language.expression import (
    Expression,
    absolute,
    cbrt,
    cos,
    exp,
    literal,
    log,
    maximum,
    minimum,
    pi,
    scalar,
    sin,
    sqrt,
    tanh,
)
from refopt.language.objective import Objective
from refopt.language.rule import Source

FUNCTIONS: Mapping[str, Callable[..., Expression]] = {
    "sqrt": sqrt, "exp": exp, "log": log, "cos": cos, "sin": sin, "tanh": tanh, "cbrt": cbrt, "abs": absolute, "Abs": absolute,
    "max": maximum, "Max": maximum, "min": minimum, "Min": minimum,
}  # fmt: skip
"""Functions that a loss may call."""
LONGEST = 4000
"""Characters of a loss."""
EXAMPLE = "(1 - x)**2 + 100*(y - x**2)**2"
START = "1"
"""The value at which a parameter starts where nothing else is said."""

_OPERATORS: Mapping[type[ast.operator], Callable[[Expression, Expression], Expression]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.Div: lambda a, b: a / b, ast.Pow: lambda a, b: a**b,
}  # fmt: skip


def objective_of_text(text: str, start: Sequence[str] = ()) -> Objective:
    """The objective whose loss is this text; every name but `pi` is a parameter, in alphabetical order. Raises RefoptError for anything else."""
    if len(text) > LONGEST:
        raise RefoptError(f"a loss of {len(text)} characters; the longest has {LONGEST}", help="write it as a function: ./mine.py:loss")
    written = text.replace("^", "**")
    try:
        tree = ast.parse(written.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _unreadable(text, "it is no formula") from None
    found: dict[str, Expression] = {}
    try:
        loss = _read(tree, written.strip(), found)
    except RecursionError:
        raise _unreadable(text, "it is nested too deeply") from None
    return _objective(text if len(text) <= 60 else f"{text[:57]}...", loss, [found[name] for name in sorted(found)], start)


def objective_of_function(function: Callable[..., Any], name: str, start: Sequence[str] = ()) -> Objective:
    """The objective that a function of SymPy symbols returns, one symbol a parameter. Raises RefoptError where it returns anything else."""
    import sympy as sp

    from refopt.language.symbolic import from_sympy

    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
        raise RefoptError(f"{name} is not a function of one parameter or more, each a number", help="def loss(x, y): return (1 - x)**2 + 100*(y - x**2)**2")
    symbols = [scalar(p.name) for p in parameters]
    try:
        loss = sp.sympify(function(*(s.sym for s in symbols)))
    except Exception as error:
        raise RefoptError(f"{name} raised {type(error).__name__}: {error}", help="use SymPy's functions in it: sympy.exp(x), not math.exp(x)") from None
    if not isinstance(loss, sp.Expr):
        raise RefoptError(f"{name} returns {type(loss).__name__}, no formula", help="return a SymPy expression of its parameters")
    if unknown := loss.free_symbols - {s.sym for s in symbols}:
        raise RefoptError(f"{name} uses {', '.join(sorted(map(str, unknown)))}, which it is not given", help="return a SymPy expression of its parameters")
    exact = loss.xreplace({x: sp.Rational(repr(float(x))) for x in loss.atoms(sp.Float)})
    try:
        tree = from_sympy(exact, {s.sym: s for s in symbols})
    except RefoptError as error:
        raise RefoptError(f"{name}: {error.message}", help=error.help) from None
    return _objective(name, tree, symbols, start)


def starting(objective: Objective, start: Sequence[str]) -> Objective:
    """The objective with another start. Raises RefoptError for a wrong count, or a value that is no decimal number."""
    for x in start:
        try:
            Fraction(x)
        except (ValueError, ZeroDivisionError):
            raise RefoptError(f"the start {x!r} is no number", help="--start -1.25,1") from None
    names = ", ".join(str(p.name) for p in objective.parameters)
    if len(start) != len(objective.parameters):
        raise RefoptError(f"{len(start)} starting values for {len(objective.parameters)} parameters ({names})", help="--start -1.25,1")
    return replace(objective, start=tuple(start))


def _objective(name: str, loss: Expression, parameters: Sequence[Expression], start: Sequence[str]) -> Objective:
    if not parameters:
        raise RefoptError(f"{name} has no parameter", help=f"a loss of at least one name: {EXAMPLE!r}")
    made = Objective(name, "a loss of your own", (Source("yours", ""),), tuple(parameters), (START,) * len(parameters), loss)
    return starting(made, start) if start else made


def _unreadable(text: str, why: str) -> RefoptError:
    shown = text if len(text) <= 50 else f"{text[:47]}..."
    known = ", ".join(n for n in FUNCTIONS if n.islower())
    return RefoptError(f"cannot read the loss {shown!r}: {why}", help=f"numbers, names, + - * / **, {known}: {EXAMPLE!r}")


def _read(node: ast.expr, text: str, found: dict[str, Expression]) -> Expression:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_read(node.left, text, found), _read(node.right, text, found))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _read(node.operand, text, found)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        try:  # as it is written: 0.1 is a tenth
            return literal(Fraction(ast.get_source_segment(text, node) or ""))
        except ValueError:
            raise _unreadable(text, f"{node.value!r} is no decimal number") from None
    if isinstance(node, ast.Name):
        if node.id == "pi":
            return pi
        return found.setdefault(node.id, scalar(node.id))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        function = FUNCTIONS.get(node.func.id)
        if function is None:
            raise _unreadable(text, f"{node.func.id} is not among its functions")
        wanted = 2 if function in (maximum, minimum) else 1
        if len(node.args) != wanted:
            raise _unreadable(text, f"{node.func.id} takes {wanted} {'number' if wanted == 1 else 'numbers'}, not {len(node.args)}")
        return function(*(_read(a, text, found) for a in node.args))
    raise _unreadable(text, f"{ast.unparse(node)[:40]!r} is no part of a formula")
