"""Trees as Python functions over any sort of numbers.

What is scalar is computed once a step; what is left is written out for the elements. Both are straight-line Python in which
equal sub-trees stand once, compiled. The numbers' own operators do the arithmetic. A choice by an element is Python's own,
both its branches computed before, unless the arithmetic says what `where` is: arrays choose element by element. A choice by a
scalar computes the branch taken and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from refopt.errors import NotImplementedYet
from refopt.language.compose import substitute
from refopt.language.evaluate import Arithmetic, Evaluation, is_integral, rational
from refopt.language.expression import Expression, Kind, where
from refopt.language.extent import ELEMENT

_OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


@dataclass(frozen=True)
class Program:
    """Assignments made executable. Each function is compiled when it is first asked for.

    scalars  the scalar sub-trees, to be evaluated once a step
    """

    scalars: tuple[Expression, ...]
    arithmetic: Arithmetic
    _elements: _Elements = field(repr=False)

    @cached_property
    def prelude(self) -> Callable[[Mapping[str, Any]], list[Any]]:
        """symbols' values -> values of the scalar sub-trees, those that the tree evaluator gives."""
        writer = _Scalars(self.arithmetic)
        results = [writer.write(s) for s in self.scalars]
        return writer.function("prelude(given)", [*writer.lines, f"return [{', '.join(results)}]"])

    @cached_property
    def body(self) -> Callable[[Mapping[str, Any], Sequence[Any]], list[Any]]:
        """(symbols' values, scalars' values) -> values of the assigned names."""
        writer = self._elements
        given = [f"{x} = given[{name!r}]" for name, x in writer.given.items()]
        return writer.function("body(given, scalars)", [*writer.unpacked, *given, *writer.lines, f"return [{', '.join(writer.results)}]"])

    @cached_property
    def rows(self) -> Callable[[int, Mapping[str, Sequence[Any]], Sequence[Any]], list[tuple[Any, ...]]]:
        """(how many elements, symbols' values for each of them, scalars' values) -> what `body` gives, for each element."""
        writer = self._elements
        columns = "".join(f"given[{name!r}], " for name in writer.given)
        loop = f"for {', '.join(['_', *writer.given.values()])} in zip(range(count), {columns}strict=True):"
        inside = [f"    {line}" for line in (*writer.lines, f"append(({', '.join(writer.results)},))")]
        lines = [*writer.unpacked, "found = []", "append = found.append", loop, *inside, "return found"]
        return writer.function("rows(count, given, scalars)", lines)


def compiled(assignments: Sequence[tuple[str, Expression]], arithmetic: Arithmetic, *, hoist: bool = True) -> Program:
    """A program that makes the assignments in order and returns every assigned value, in that order; kept for the next who asks.

    hoist  scalar sub-trees go to the prelude; without it everything but literals is computed in the body
    """
    return _program(tuple(assignments), arithmetic, hoist)


@lru_cache(maxsize=1024)
def _program(assignments: tuple[tuple[str, Expression], ...], arithmetic: Arithmetic, hoist: bool) -> Program:
    writer = _Elements(arithmetic, hoist)
    for name, tree in assignments:
        writer.assign(name, tree)
    return Program(tuple(writer.scalars), arithmetic, writer)


class _Writer:
    """Writes a tree down as lines of Python, one a node; equal nodes share a variable."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.lines: list[str] = []
        self.indent = ""
        self.known: dict[Expression, str] = {}
        self.space: dict[str, Any] = {f"op_{name}": function for name, function in arithmetic.operations.items()}

    def write(self, node: Expression) -> str:
        """The variable that holds the value of a node."""
        if node not in self.known:
            self.known[node] = self.new(node)
        return self.known[node]

    def new(self, node: Expression) -> str:
        raise NotImplementedError

    def operation(self, node: Expression) -> str:
        """The operation of a node on its operands."""
        args = [self.write(a) for a in node.args]
        if node.op in _OPERATORS:
            return self.line(f"{args[0]} {_OPERATORS[node.op]} {args[1]}")
        if node.op == "neg":
            return self.line(f"-{args[0]}")
        if node.op not in self.arithmetic.operations:
            raise NotImplementedYet(f"the operation {node.op} has no meaning in {self.arithmetic.name} numbers: this arithmetic has no line for it")
        return self.line(f"op_{node.op}({', '.join(args)})")

    def branches(self, node: Expression) -> str:
        """A choice: the lines of the branch that is not taken do not run."""
        outer, indent = self.known, self.indent
        head, result = self.write(node.args[0]), f"y{len(self.lines)}"
        for wanted in (True, False):
            self.lines.append(f"{indent}if {head}:" if wanted else f"{indent}else:")
            self.known, self.indent = dict(outer), f"{indent}    "
            self.lines.append(f"{self.indent}{result} = {self.branch(node, wanted)}")
        self.known, self.indent = outer, indent
        return result

    def branch(self, node: Expression, wanted: bool) -> str:
        """The variable of one branch of a choice."""
        return self.write(node.args[1 if wanted else 2])

    def line(self, text: str) -> str:
        self.lines.append(f"{self.indent}x{len(self.lines)} = {text}")
        return f"x{len(self.lines) - 1}"

    def function(self, head: str, lines: Iterable[str]) -> Callable[..., Any]:
        """The lines, compiled."""
        source = "\n".join([f"def {head}:", *(f"    {line}" for line in lines), ""])
        exec(compile(source, f"<program in {self.arithmetic.name} numbers>", "exec"), self.space)
        made: Callable[..., Any] = self.space[head.partition("(")[0]]
        return made


class _Elements(_Writer):
    """Assignments. What an element is made of, `given`, and the scalars have variables of their own, set before the lines."""

    def __init__(self, arithmetic: Arithmetic, hoist: bool) -> None:
        super().__init__(arithmetic)
        self.hoist = hoist
        self.given: dict[str, str] = {}
        self.scalars: list[Expression] = []
        self.assigned: dict[str, str] = {}
        self.results: list[str] = []
        self.scalar_values: dict[str, Expression] = {}
        self.guards: tuple[tuple[Expression, bool], ...] = ()

    @property
    def unpacked(self) -> list[str]:
        """Statement that gives the scalars their variables; none where there are no scalars."""
        return [f"{''.join(f's{i}, ' for i in range(len(self.scalars)))}= scalars"] if self.scalars else []

    def assign(self, name: str, tree: Expression) -> None:
        if self.hoist and tree.is_scalar:
            self.scalar_values[name] = tree = substitute(tree, self.scalar_values)
            self.assigned[name] = self._hoisted(tree)  # in the values before the update: nothing is put into it again
        else:
            self.assigned[name] = self.write(tree)
        self.results.append(self.assigned[name])
        self.known = {node: v for node, v in self.known.items() if name not in node.symbol_names}

    def _hoisted(self, tree: Expression) -> str:
        """A scalar of the prelude; in a branch it is formed only where the branch is taken."""
        for condition, wanted in reversed(self.guards if tree.args else ()):
            tree = where(condition, tree, 0) if wanted else where(condition, 0, tree)
        self.scalars.append(tree)
        return f"s{len(self.scalars) - 1}"

    def branch(self, node: Expression, wanted: bool) -> str:
        guards = self.guards
        if node.args[0].is_scalar:
            self.guards = (*guards, (substitute(node.args[0], self.scalar_values), wanted))
        written = super().branch(node, wanted)
        self.guards = guards
        return written

    def new(self, node: Expression) -> str:
        if node.op == "symbol" and node.name in self.assigned:
            return self.assigned[node.name]
        if node.op in ("literal", "constant") or (self.hoist and node.is_scalar):
            return self._hoisted(substitute(node, self.scalar_values))
        if node.op == "symbol":
            return self.given.setdefault(str(node.name), f"given_{len(self.given)}")
        if node.op == "where" and "where" not in self.arithmetic.operations:
            if node.args[0].extent.rank < ELEMENT.rank:  # the same for all elements: 0/0 where the other branch holds is no error
                return self.branches(node)
            condition, x, y = (self.write(a) for a in node.args)
            return self.line(f"{x} if {condition} else {y}")
        return self.operation(node)


class _Scalars(_Writer):
    """Scalars, as the tree evaluator computes them: what is made of integers is exact."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        super().__init__(arithmetic)
        self.space |= {"literal": arithmetic.literal, "pi": arithmetic.pi, "value": self.value, "exponent": self.exponent}

    def new(self, node: Expression) -> str:
        if node.op == "symbol" and node.kind is not Kind.INTEGER:
            return self.line(f"given[{node.name!r}]")
        if node.op == "constant":
            return self.line("pi()")
        if node.op == "literal":
            return self.line(f"literal({self.constant(node.value)})")
        if node.op == "where" and "where" not in self.arithmetic.operations and not is_integral(node):
            return self.branches(node)
        if node.op == "where" or is_integral(node):
            return self.line(f"value({self.constant(node)}, given)")
        if node.op == "pow" and is_integral(node.args[1]):
            return self.line(f"op_pow({self.write(node.args[0])}, exponent({self.constant(node.args[1])}, given))")
        return self.operation(node)

    def constant(self, x: Any) -> str:
        name = f"constant_{len(self.space)}"
        self.space[name] = x
        return name

    def value(self, node: Expression, given: Mapping[str, Any]) -> Any:
        return Evaluation(given, self.arithmetic).value(node)

    def exponent(self, node: Expression, given: Mapping[str, Any]) -> Any:
        exact = rational(node, given)
        return int(exact) if not isinstance(exact, bool) and exact.denominator == 1 else self.value(node, given)
