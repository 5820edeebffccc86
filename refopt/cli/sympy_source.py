"""A concept as Python source that rebuilds it in SymPy: run it, and every name holds its exact expression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from refopt.language.expression import Expression, Kind
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


def sympy_source(concept: Rule | Schedule | Objective) -> str:
    """The source: imports, symbols with what is known of their sign, then the assignments in the written order."""
    if isinstance(concept, Rule):
        trees = [let.value for let in concept.steps]
        assigned = [(let.name, let.value.sym) for let in concept.steps]
        named = {let.name for let in concept.steps} - {"theta", *concept.state_names}
    elif isinstance(concept, Schedule):
        trees, named = [let.value for let in concept.lets], set()
        assigned = [(let.name, let.value.sym) for let in concept.lets]
    else:
        trees, named = [concept.loss], set()
        derivatives = [(f"J_{p.name}", concept.loss.sym.diff(p.sym)) for p in concept.parameters]
        assigned = [("J", concept.loss.sym), *derivatives]
    lines = sorted({_count(node) for tree in trees for node in tree.walk() if node.op == "count"})
    lines += [_declaration(s) for s in _symbols(trees) if s.name not in named]
    lines += ["", *(f"{name} = {_text(value)}" for name, value in assigned)]
    return "\n".join(["from sympy import *", "", *lines]) + "\n"


def _symbols(trees: Iterable[Expression]) -> list[Expression]:
    return list({s.name: s for tree in trees for s in tree.symbols()}.values())


def _count(node: Expression) -> str:
    """A count of the entries of a list, which SymPy knows nothing more about."""
    name = node.sym.func.__name__
    return f'{name} = Function("{name}", integer=True, nonnegative=True)'


def _declaration(symbol: Expression) -> str:
    known = ["integer=True" if symbol.kind is Kind.INTEGER else "real=True"]
    known += [f"{symbol.sign}=True"] if symbol.sign else []
    return f'{symbol.name} = Symbol("{symbol.name}", {", ".join(known)})'


def _text(value: Any) -> str:
    """SymPy's own text, but a fraction that Python would turn into a float is written as a Rational."""
    from sympy.printing.str import StrPrinter

    class Printer(StrPrinter):  # type: ignore[misc]
        def _print_Rational(self, fraction: Any) -> str:
            return f"Rational({fraction.p}, {fraction.q})"

    text: str = Printer().doprint(value)
    return text
