"""One form of an assignment at one element, out of all that the bound covers: its operations, its inputs and its local bound.

Two forms of each assignment are worth a second opinion: the one that the rule is written in, and the one whose rounding
error the bound takes. A form is a chain of operations on inputs (which lie in a box: the exact value, as far off as
earlier errors may have carried it) and on scalars (each with an exact value and the error that profile BINARY64_SCALARS allows).
`rounding.gappa` prints it for another prover.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from refopt.errors import NotImplementedYet
from refopt.language.expression import Expression
from refopt.language.rule import Rule
from refopt.language.text import infix
from refopt.rounding.bound import Block, radii
from refopt.rounding.compiled import Compiled, Root
from refopt.rounding.enclosure import Value
from refopt.rounding.extended_range import as_extended
from refopt.rounding.formats import Format
from refopt.rounding.forms import Class, Node, Product
from refopt.rounding.normal_form import Atom, Sum
from refopt.rounding.scalar_state import with_scalar_state
from refopt.rounding.scalar_table import stored
from refopt.rounding.scalars import Ball, Scalars, number

WRITTEN, LARGEST = "written", "largest"
"""The two forms: as the rule is written, and the one that the bound is made of."""


@dataclass(frozen=True, eq=False)
class Input:
    """A variable that stands on the right: any number from `low` to `high`."""

    name: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True, eq=False)
class Coefficient:
    """A scalar: its exact value (to 60 digits), and how far a program's may be off once it is rounded to the format."""

    name: str
    x: Fraction
    e: Fraction


@dataclass(frozen=True, eq=False)
class Operation:
    """One rounded operation: add (with signs), mul, div, sqrt, neg, abs; max and min round nothing."""

    op: str
    args: tuple[Part, ...]
    signs: tuple[int, ...] = ()


Part = Input | Coefficient | Operation


@dataclass(frozen=True)
class OneForm:
    """A form of an assignment at one element. `bound` is the local bound: no program errs more on inputs of the box.

    which    WRITTEN or LARGEST
    block    the place of its block among those given; `element`: its place in the block
    """

    rule: str
    variable: str
    which: str
    format: Format
    t: int
    block: int
    element: int
    value: Part
    bound: Fraction


@dataclass(frozen=True)
class Unsaid:
    """A form that cannot be told to another prover, and why. `claimed`: the bound makes a claim here, so that the prover is owed it."""

    variable: str
    which: str
    block: int
    element: int
    reason: str
    claimed: bool


def one_forms(rule: Rule, blocks: Sequence[Block]) -> list[OneForm | Unsaid]:
    """The written and the largest form of every assignment at every element."""
    watched = _Watched(rule, blocks)
    radii(rule, blocks, watcher=watched)
    return watched.forms


@dataclass
class _Watched:
    """The bound's computation, seen from beside."""

    rule: Rule
    blocks: Sequence[Block]
    forms: list[OneForm | Unsaid] = field(default_factory=list)
    version: Any = None
    places: list[tuple[int, int]] = field(default_factory=list)
    largest: dict[Class, Any] = field(default_factory=dict)

    def begin(self, version: Compiled, members: Sequence[int]) -> None:
        self.version = version
        self.places = [(i, j) for i in members for j in range(len(self.blocks[i].g))]

    def took(self, wanted: Class, largest: Any) -> None:
        self.largest[wanted] = largest

    def finished(self, values: Mapping[Class, Value], chosen: Any) -> None:
        atoms = {c.key: _ends(v) for c, v in values.items() if isinstance(c, Atom) and not c.is_scalar}
        for root in self.version.roots:
            errors = _exact(values[root.value].e)
            for i, place in enumerate(chosen.tolist()):
                block, element = self.places[place]
                box = {key: (low[i], high[i]) for key, (low, high) in atoms.items()}
                reader = _Reader(self.version, self.blocks[block], box, {c: int(x[i]) for c, x in self.largest.items()})
                self.forms += [self._form(root, reader, which, block, element, errors[i]) for which in (WRITTEN, LARGEST)]
        self.largest = {}

    def _form(self, root: Root, reader: _Reader, which: str, block: int, element: int, error: Fraction | None) -> OneForm | Unsaid:
        if error is None or error < 0:
            return Unsaid(root.name, which, block, element, "no bound is claimed here", claimed=False)
        try:
            value = reader.tree(root.written) if which == WRITTEN else reader.graph(root.value)
        except NotImplementedYet as reason:
            return Unsaid(root.name, which, block, element, reason.message, claimed=True)
        bound = error * (1 + Fraction(1, 2**29))
        at = self.blocks[block]
        return OneForm(self.rule.name, root.name, which, at.format, at.t, block, element, value, bound)


def _exact(values: Any) -> list[Fraction | None]:
    """Numbers of the bound's computation as fractions; None where they are not finite."""
    wide = as_extended(values)
    pairs = zip(wide.mantissa.tolist(), wide.exponent.tolist(), strict=True)
    return [Fraction(m) * (Fraction(2) ** e if m else 1) if np.isfinite(m) else None for m, e in pairs]


def _ends(value: Value) -> tuple[list[Fraction | None], list[Fraction | None]]:
    """The end points of a variable's box at every element, exactly."""
    x, lo, hi = _exact(value.x), _exact(value.lo), _exact(value.hi)
    low = [None if a is None or b is None else a - b for a, b in zip(x, lo, strict=True)]
    high = [None if a is None or b is None else a + b for a, b in zip(x, hi, strict=True)]
    return low, high


class _Reader:
    """Makes the forms of one element."""

    def __init__(self, version: Compiled, block: Block, box: Mapping[str, tuple[Fraction | None, Fraction | None]], largest: Mapping[Class, int]) -> None:
        self.version, self.block, self.box, self.largest = version, block, box, largest
        block = with_scalar_state(version.rule, block)
        self.scalars = Scalars(version.names, block.hyper, block.t)
        self.scalars.balls = {name: Ball(number(block.hyper[name]), number(e)) for name, e in block.slack.items()}
        self.scalars.kept_in = block.format
        self.made: dict[Any, Part] = {}

    def _once(self, key: Any, make: Callable[[], Part]) -> Part:
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]

    def input(self, name: str, nonnegative: bool) -> Part:
        """A variable of the right side; one that is never negative is not so within its box either."""
        low, high = self.box[name]
        if low is None or high is None:
            raise NotImplementedYet(f"{name} has no bound before this assignment")
        return self._once(("input", name), lambda: Input(name, max(low, Fraction(0)) if nonnegative else low, high))

    def coefficient(self, text: str, ball: Ball, exact: bool) -> Part:
        """A scalar, rounded to the format."""
        x, e = stored(ball, self.block.format, exact=exact)
        if not all(map(_is_finite, (x, e))):
            raise NotImplementedYet(f"the scalar {text} has no finite value in {self.block.format.name}")
        return self._once(("scalar", text), lambda: Coefficient(text, _of_mpf(x), _of_mpf(e)))

    # ---- as written ----------------------------------------------------------------------------------------------

    def tree(self, node: Expression) -> Part:
        """The form in which a formula is written."""
        if node.is_scalar:
            exact = node.op == "literal" and node.value is not None and self.block.format.represents(node.value)
            return self.coefficient(infix(node), self.scalars.tree(node), exact)
        if node.op == "symbol":
            return self.input(str(node.name), node.sign is not None)
        return self._once(("tree", node), lambda: self._operation(node))

    def _operation(self, node: Expression) -> Part:
        args = tuple(self.tree(a) for a in node.args)
        if node.op in ("add", "sub"):
            return Operation("add", args, (1, 1 if node.op == "add" else -1))
        if node.op == "square":
            return Operation("mul", (args[0], args[0]))
        if node.op == "cast":
            return args[0]
        return _supported(node.op, args)

    # ---- the largest ---------------------------------------------------------------------------------------------

    def graph(self, wanted: Class) -> Part:
        """The form of a class whose rounding error is the largest."""
        if wanted.is_scalar:
            tree = self.version.names.scalars[wanted.key] if isinstance(wanted, Atom) else None
            exact = tree is not None and tree.op == "literal" and tree.value is not None and self.block.format.represents(tree.value)
            return self.coefficient(scalar_text(wanted, self.version), self.scalars.of(wanted), exact)
        if isinstance(wanted, Atom):
            return self.input(wanted.key, wanted.nonnegative)
        return self._once(wanted, lambda: self._node(wanted))

    def _node(self, wanted: Class) -> Part:
        index = self.largest[wanted]
        ways = self.version.forms.nodes[wanted]
        if index < 0:
            raise NotImplementedYet("no form counts here")
        node: Node = ways[index]
        args = tuple(self.graph(a) for a in node.args)
        if node.op == "same":
            return args[0]
        if node.op == "add":
            return Operation("add", args, node.signs)
        if node.op == "reciprocal":
            return Operation("div", (Coefficient("1", Fraction(1), Fraction(0)), args[0]))
        return _supported(node.op, args)


SUPPORTED = frozenset({"mul", "div", "sqrt", "neg", "abs", "max", "min"})


def _supported(op: str, args: tuple[Part, ...]) -> Operation:
    if op not in SUPPORTED:
        raise NotImplementedYet(f"the operation {op} cannot be given to Gappa")
    return Operation(op, args)


def scalar_text(wanted: Class, version: Compiled) -> str:
    """A scalar class in the rule's letters: lr/(1 - beta1^t)."""
    if isinstance(wanted, Atom):
        return infix(version.names.scalars[wanted.key])
    if isinstance(wanted, Product):
        return "*".join(f"({scalar_text(b, version)})" + (f"^({e})" if e != 1 else "") for b, e in wanted.factors) or "1"
    if isinstance(wanted, Sum):
        terms = [f"{c}*" + "*".join(f"({scalar_text(b, version)})^({e})" for b, e in m) for c, m in wanted.terms]
        return " + ".join(terms)
    return wanted.key


def _is_finite(x: Any) -> bool:
    return bool(x.context.isfinite(x))


def _of_mpf(x: Any) -> Fraction:
    """The exact value of one of mpmath's numbers."""
    sign, mantissa, exponent, _ = x._mpf_
    size = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -size if sign else size
