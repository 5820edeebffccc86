"""The printer: a tree as source text that the target language reads back as the same tree.

A language is a table: one `Spelling` an operation, with how tightly the text binds and how tightly each operand must.
Parentheses follow from these numbers alone. A node in `names` is printed as its name: that is how sub-trees computed
beforehand are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from refopt.errors import NotImplementedYet
from refopt.language.compose import substitute
from refopt.language.expression import Expression, Kind
from refopt.language.lists import listed, one_entry
from refopt.language.operations import RECORDS

ATOM = 100
"""Binds more tightly than any operator: a name, a number, a call."""
NO_REDUCTIONS = dict.fromkeys((o.name for o in RECORDS if o.reduces), "its code goes through the elements once, each by itself")
"""The reason why a language has no reductions over tensors yet."""
ENTRY = "entry"
"""One entry of a list, in the code that goes through it."""
ANY = 0
"""Least binding of an operand between brackets or commas."""


@dataclass(frozen=True)
class Spelling:
    """Spelling of one operation: a text with {0} {1} ... for operands, its binding, the least binding of each operand.

    bare  whether literal operands are written so that text and literal cannot be taken for one negative or broken literal
    """

    template: str
    binds: int = ATOM
    operands: tuple[int, ...] = (ANY, ANY, ANY)
    bare: bool = True


Literal = Callable[[Fraction, bool], tuple[str, int]]
"""(value, bare) -> text and its binding. Not bare: the text must not look like part of a literal (2.0 in 2.0 / 3.0)."""


@dataclass(frozen=True)
class Table:
    """The spellings of one sort of numbers in one language, and what cannot be written there, each in one line."""

    literal: Literal
    operations: Mapping[str, Spelling]
    cannot: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dialect:
    """A target language.

    table_of  the table for a node: exact integers, scalars and arrays are often written differently
    crossing  the spelling that goes around a node whose parent (None at the root) belongs to another table, or None
    constants how constants of the language are written
    fold      a spelling for a whole pattern of nodes with its operands, or None
    """

    name: str
    table_of: Callable[[Expression], Table]
    constants: Mapping[str, str]
    crossing: Callable[[Expression, Expression | None], Spelling | None] = lambda node, parent: None
    fold: Callable[[Expression], tuple[Spelling, tuple[Expression, ...]] | None] = lambda node: None


def text(node: Expression, dialect: Dialect, names: Mapping[Expression, str] | None = None) -> str:
    """The tree as source text; equal texts mean equal trees. Raises NotImplementedYet for what the dialect cannot say."""
    return Printer(dialect, names or {}).expression(node)


class Printer:
    """Prints trees in one dialect. `names` may grow between calls; `known`, if given, finds the name of a node faster."""

    def __init__(self, dialect: Dialect, names: Mapping[Expression, str], known: Callable[[Expression], str | None] | None = None) -> None:
        self.dialect = dialect
        self.name_of = known if known is not None else names.get

    def expression(self, node: Expression) -> str:
        """The text of a whole tree."""
        return self._printed(node, None, ANY, True)

    def _printed(self, node: Expression, parent: Expression | None, least: int, bare: bool) -> str:
        around = self.dialect.crossing(node, parent) if self.name_of(node) is None else None
        if around is None:
            result, binds = self._inner(node, bare)
        else:
            inner, inner_binds = self._inner(node, True)
            result, binds = around.template.format(_enclosed(inner, inner_binds, around.operands[0])), around.binds
        return _enclosed(result, binds, least)

    def _inner(self, node: Expression, bare: bool) -> tuple[str, int]:
        name = self.name_of(node)
        if name is not None:
            return name, ATOM
        if node.op == "symbol":
            return str(node.name), ATOM
        if node.op == "constant":
            return self.dialect.constants[str(node.name)], ATOM
        table = self.dialect.table_of(node)
        if node.op == "literal":
            assert node.value is not None
            return table.literal(node.value, bare)
        folded = self.dialect.fold(node) or self._counted(node, table)
        spelling, args = folded if folded is not None else (self._spelling(node, table), node.args)
        operands = [self._printed(a, node, least, spelling.bare) for a, least in zip(args, spelling.operands, strict=False)]
        return spelling.template.format(*operands, attribute=node.attribute), spelling.binds

    def _counted(self, node: Expression, table: Table) -> tuple[Spelling, tuple[Expression, ...]] | None:
        """A count as its spelling with three operands: the list, the condition on one `entry`, and the condition on the list as a whole."""
        of = listed(node) if node.op == "count" else None
        if of is None or len(self._spelling(node, table).operands) != 3:  # JSON writes the operation as it is
            return None
        condition = node.args[0]
        whole, one = (one_entry(name) for name in (str(of.name), ENTRY))
        return self._spelling(node, table), (whole, substitute(condition, {str(of.name): one}), substitute(condition, {str(of.name): whole}))

    def _spelling(self, node: Expression, table: Table) -> Spelling:
        spelling = table.operations.get(node.op)
        if spelling is None:
            reason = table.cannot.get(node.op, "it has no spelling there")
            raise NotImplementedYet(f"the operation {node.op} cannot be written in {self.dialect.name}: {reason}")
        return spelling


def _enclosed(result: str, binds: int, least: int) -> str:
    return f"({result})" if binds < least else result


def decimal_text(value: Fraction) -> str | None:
    """The decimal digits of a fraction that has finitely many (at most 20 after the point), else None."""
    odd, twos, fives = value.denominator, 0, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    while odd % 5 == 0:
        odd, fives = odd // 5, fives + 1
    places = max(twos, fives)
    if odd != 1 or places > 20:
        return None
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    if places > 6 and not digits[:-places].strip("0"):
        mantissa = digits.lstrip("0")
        return f"{sign}{mantissa[0]}{'.' + mantissa[1:] if len(mantissa) > 1 else ''}e-{places - len(mantissa) + 1}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def is_integer_power(node: Expression) -> bool:
    """True where a scalar is raised to an integer: then it is made of products, the same in every language."""
    return node.op == "pow" and node.is_scalar and node.args[1].kind is Kind.INTEGER


def is_floor_of_quotient(node: Expression) -> bool:
    """True where integers are divided without remainder."""
    return node.op == "floor" and node.args[0].op == "div" and all_integers(node.args[0])


def all_integers(node: Expression) -> bool:
    """True where every operand is an integer."""
    return all(a.kind is Kind.INTEGER for a in node.args)
