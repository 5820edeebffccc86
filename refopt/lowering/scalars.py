"""Scalar sub-trees that are computed once a step, before the arrays: which they are, and readable names for them.

A bare symbol and an integer condition stay where they are; every other largest scalar sub-tree of an element-wise
formula gets a name. Inside a branch that a scalar condition may leave untaken it is computed only where the branch is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, Kind
from refopt.language.rule import Let

_NUMBERS = {Fraction(0): "zero", Fraction(1): "one", Fraction(2): "two", Fraction(1, 2): "half"}


@dataclass(frozen=True)
class Scalar:
    """A named scalar: `value` is computed where every one of `guards` (condition, wanted truth) holds.

    rounded  whether arrays are combined with it, so that it is rounded to their format
    """

    name: str
    value: Expression
    guards: tuple[tuple[Expression, bool], ...] = ()

    @property
    def rounded(self) -> bool:
        """True where it is a number (a condition is used as it is)."""
        return self.value.kind is not Kind.BOOLEAN


def stays_in_place(node: Expression) -> bool:
    """True where a scalar condition can be written where it stands: it depends on integers only."""
    return node.kind is Kind.BOOLEAN and is_integral(node)


class Naming:
    """Finds the scalar sub-trees of element-wise formulas, in order, and names them."""

    def __init__(self, taken: Iterable[str], kept: Iterable[str] = ()) -> None:
        """`taken` are names that no scalar may get, `kept` those of states of one value: these are rounded under another name."""
        self.taken = set(taken)
        self.kept = frozenset(kept)
        self.scalars: dict[Expression, Scalar] = {}
        self.symbols: dict[str, Expression] = {}

    def visit(self, node: Expression, guards: tuple[tuple[Expression, bool], ...] = ()) -> None:
        """Collect from one element-wise tree."""
        if node.is_scalar:
            self._collect(node, guards)
            return
        if node.op == "where" and node.args[0].is_scalar:
            condition, then, otherwise = node.args
            self._collect(condition, guards)
            self.visit(then, (*guards, (condition, True)))
            self.visit(otherwise, (*guards, (condition, False)))
            return
        for arg in node.args:
            self.visit(arg, guards)

    def _collect(self, node: Expression, guards: tuple[tuple[Expression, bool], ...]) -> None:
        if stays_in_place(node):
            return
        if node.op == "symbol" and node.name not in self.kept:
            self.symbols.setdefault(str(node.name), node)
            return
        known = self.scalars.get(node)
        if known is None:
            name = self._free(f"{node.name}_now" if node.op == "symbol" else readable_name(node))
            self.scalars[node] = Scalar(name, node, guards if node.op != "literal" else ())
        elif known.guards != guards:
            common = tuple(a for a, b in zip(known.guards, guards, strict=False) if a == b)
            self.scalars[node] = Scalar(known.name, node, common)

    def _free(self, name: str) -> str:
        number, free = 2, name
        while free in self.taken:
            number, free = number + 1, f"{name}_{number}"
        self.taken.add(free)
        return free


def readable_name(node: Expression) -> str:
    """A name that says what a scalar is: `one_minus_beta1`, `bias_correction1` for 1 - beta1^t, `step_size` for lr*..."""
    if node.op == "literal":
        assert node.value is not None
        text = str(node.value).replace("/", "_over_").replace("-", "minus_")
        return _NUMBERS.get(node.value, f"number_{text}")
    if node.kind is Kind.BOOLEAN:
        return "condition"
    if node.op == "sub" and node.args[0].op == "literal" and node.args[0].value == 1:
        return _complement(node.args[1])
    if node.op in ("add", "sub", "mul", "div") and all(a.op == "symbol" for a in node.args):
        word = {"add": "plus", "sub": "minus", "mul": "times", "div": "over"}[node.op]
        return f"{node.args[0].name}_{word}_{node.args[1].name}"
    names = [str(s.name) for s in node.symbols()]
    if "lr" in names or "lr_t" in names:
        return "step_size"
    if node.op in ("sqrt", "exp", "log", "square"):
        inner = node.args[0]
        start = {"sqrt": "root", "exp": "exp", "log": "log", "square": "square"}[node.op]
        return f"{start}_of_{inner.name if inner.op == 'symbol' else readable_name(inner)}"
    return f"coefficient_of_{'_and_'.join(dict.fromkeys(names))}" if names else "number"


def _complement(x: Expression) -> str:
    if x.op == "symbol":
        return f"one_minus_{x.name}"
    if x.op == "pow" and x.args[0].op == "symbol" and x.args[1].op == "symbol" and x.args[1].name == "t":
        base = str(x.args[0].name)
        digits = base[len(base.rstrip("0123456789")) :]
        return f"bias_correction{digits or '_' + base}"
    return "complement"


def is_scalar_step(let: Let) -> bool:
    """True where an assignment gives a scalar symbol its value."""
    return let.symbol.is_scalar and let.value.is_scalar
