"""Trees as Python functions over any sort of numbers.

What is scalar is computed once a step by the tree evaluator; what is left is written out as straight-line Python, equal
sub-trees once, and compiled. The numbers' own operators do the arithmetic. A choice is Python's own, of which only the
branch taken is computed, unless the arithmetic says what `where` is: arrays choose element by element.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refopt.errors import NotImplementedYet
from refopt.language.compose import substitute
from refopt.language.evaluate import Arithmetic, Evaluation
from refopt.language.expression import Expression

_OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


@dataclass(frozen=True)
class Program:
    """Assignments made executable.

    scalars  the scalar sub-trees, to be evaluated once a step
    body     (symbols' values, scalars' values) -> values of the assigned names
    """

    scalars: tuple[Expression, ...]
    body: Callable[[Mapping[str, Any], Sequence[Any]], list[Any]]
    arithmetic: Arithmetic

    def prelude(self, environment: Mapping[str, Any]) -> list[Any]:
        """The values of the scalar sub-trees."""
        evaluation = Evaluation(environment, self.arithmetic)
        return [evaluation.value(s) for s in self.scalars]


def program(assignments: Sequence[tuple[str, Expression]], arithmetic: Arithmetic, *, hoist: bool = True) -> Program:
    """A program that makes the assignments in order and returns every assigned value, in that order.

    hoist  scalar sub-trees go to the prelude; without it everything but literals is computed in the body
    """
    writer = _Writer(arithmetic, hoist)
    results = [writer.assign(name, tree) for name, tree in assignments]
    lines = ["def body(given, scalars):", *(f"    {line}" for line in writer.lines), f"    return [{', '.join(results)}]"]
    space: dict[str, Any] = {f"op_{name}": function for name, function in arithmetic.operations.items()}
    exec(compile("\n".join(lines) + "\n", f"<program in {arithmetic.name} numbers>", "exec"), space)
    return Program(tuple(writer.scalars), space["body"], arithmetic)


class _Writer:
    def __init__(self, arithmetic: Arithmetic, hoist: bool) -> None:
        self.arithmetic = arithmetic
        self.hoist = hoist
        self.lines: list[str] = []
        self.scalars: list[Expression] = []
        self.known: dict[Expression, str] = {}
        self.assigned: dict[str, str] = {}
        self.scalar_values: dict[str, Expression] = {}

    def assign(self, name: str, tree: Expression) -> str:
        if tree.is_scalar:
            tree = self.scalar_values[name] = substitute(tree, self.scalar_values)
        variable = self.write(tree)
        self.assigned[name] = variable
        self.known = {node: v for node, v in self.known.items() if name not in node.symbol_names}
        return variable

    def write(self, node: Expression) -> str:
        if node not in self.known:
            self.known[node] = self.new(node)
        return self.known[node]

    def new(self, node: Expression) -> str:
        if node.op == "symbol" and node.name in self.assigned:
            return self.assigned[node.name]
        if node.op == "literal" or (self.hoist and node.is_scalar):
            self.scalars.append(substitute(node, self.scalar_values))
            return self.line(f"scalars[{len(self.scalars) - 1}]")
        if node.op == "symbol":
            return self.line(f"given[{node.name!r}]")
        if node.op == "where":
            condition, x, y = (self.write(a) for a in node.args)
            if "where" in self.arithmetic.operations:
                return self.line(f"op_where({condition}, {x}, {y})")
            return self.line(f"{x} if {condition} else {y}")
        args = [self.write(a) for a in node.args]
        if node.op in _OPERATORS:
            return self.line(f"{args[0]} {_OPERATORS[node.op]} {args[1]}")
        if node.op == "neg":
            return self.line(f"-{args[0]}")
        if node.op not in self.arithmetic.operations:
            raise NotImplementedYet(f"the operation {node.op} has no meaning in {self.arithmetic.name} numbers yet")
        return self.line(f"op_{node.op}({', '.join(args)})")

    def line(self, text: str) -> str:
        self.lines.append(f"x{len(self.lines)} = {text}")
        return f"x{len(self.lines) - 1}"
