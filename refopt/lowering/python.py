"""Python's operators: their precedence, shared by every backend that prints Python."""

from __future__ import annotations

from collections.abc import Sequence

from refopt.language.expression import Kind
from refopt.language.hyper import Hyper
from refopt.lowering.printer import ANY, ATOM, ENTRY, Spelling

CHOICE, OR, AND, COMPARE, SUM, PRODUCT, SIGN, POWER = 1, 2, 3, 4, 5, 6, 7, 8
"""Binding strengths of Python's operators, loosest first."""

OPERATORS: dict[str, Spelling] = {
    "add": Spelling("{0} + {1}", SUM, (SUM, PRODUCT)),
    "sub": Spelling("{0} - {1}", SUM, (SUM, PRODUCT)),
    "mul": Spelling("{0} * {1}", PRODUCT, (PRODUCT, SIGN)),
    "div": Spelling("{0} / {1}", PRODUCT, (PRODUCT, SIGN)),
    "neg": Spelling("-{0}", SIGN, (POWER,), bare=False),
    "lt": Spelling("{0} < {1}", COMPARE, (SUM, SUM)),
    "le": Spelling("{0} <= {1}", COMPARE, (SUM, SUM)),
    "gt": Spelling("{0} > {1}", COMPARE, (SUM, SUM)),
    "ge": Spelling("{0} >= {1}", COMPARE, (SUM, SUM)),
    "eq": Spelling("{0} == {1}", COMPARE, (SUM, SUM)),
    "and": Spelling("{0} and {1}", AND, (AND, COMPARE)),
    "or": Spelling("{0} or {1}", OR, (OR, AND)),
    "where": Spelling("{1} if {0} else {2}", CHOICE, (AND, AND, AND)),
    "square": Spelling("{0}**2", POWER, (ATOM,), bare=False),
    "pow": Spelling("{0}**{1}", POWER, (ATOM, ATOM)),
    "abs": Spelling("abs({0})"),
    "max": Spelling("max({0}, {1})"),
    "min": Spelling("min({0}, {1})"),
    "ilog": Spelling("ilog({0}, {1})", ATOM, (ANY, ANY)),
    "count": Spelling(f"sum({{1}} for {ENTRY} in {{0}})", ATOM, (ATOM, COMPARE, ANY)),
}
"""Operations that Python's own numbers share. `where` evaluates only the branch taken."""


def conversions(hyper: Sequence[Hyper], real: str, integer: str, indent: int = 4) -> list[str]:
    """The lines that convert hyperparameters: `lr, eps = floats(lr, eps)`, and the integers with another function."""
    lines = []
    for convert, is_integer in ((real, False), (integer, True)):
        names = [h.name for h in hyper if (h.symbol.kind is Kind.INTEGER) is is_integer and not h.is_list]
        if names:
            left = f"({names[0]},)" if len(names) == 1 else ", ".join(names)
            lines.append(f"{' ' * indent}{left} = {convert}({', '.join(names)})")
    return lines + [f"{' ' * indent}{h.name} = {integer if h.symbol.kind is Kind.INTEGER else real}(*{h.name})" for h in hyper if h.is_list]


def annotation(hyper: Hyper) -> str:
    """The Python type of a hyperparameter."""
    one = "int" if hyper.symbol.kind is Kind.INTEGER else "float"
    return f"tuple[{one}, ...]" if hyper.is_list else one


def default(hyper: Hyper) -> str:
    """The default of a hyperparameter as a Python literal."""
    if hyper.is_list:
        return repr(hyper.usual)
    value = hyper.value(hyper.default)
    return str(int(value)) if hyper.symbol.kind is Kind.INTEGER else repr(float(value))


def call(function: str, operands: int = 1) -> Spelling:
    """A function call, arguments separated by commas."""
    return Spelling(f"{function}({', '.join(f'{{{i}}}' for i in range(operands))})", ATOM, (ANY,) * operands)
