"""Trees as plain ASCII text in the written order: infix for people, a canonical prefix form for fingerprints."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction

from refopt.language.expression import Expression
from refopt.language.reduction_words import said

PRECEDENCE = {
    "and": 0, "or": 0, "lt": 1, "le": 1, "gt": 1, "ge": 1, "eq": 1, "add": 2, "sub": 2, "neg": 3, "mul": 4, "div": 4, "pow": 6, "square": 6,
}  # fmt: skip
"""Binding strength of operations; one that is not listed is an atom or a call."""
ATOM = 9

_CONDITION = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "and": "and", "or": "or"}


def number(value: Fraction) -> str:
    """An exact number as a person writes it: 2, 0.5, 1/3."""
    if value.denominator == 1:
        return str(value.numerator)
    odd = value.denominator
    for prime in (2, 5):
        while odd % prime == 0:
            odd //= prime
    if odd != 1 or value.denominator > 10**12:
        return f"{value.numerator}/{value.denominator}"
    with localcontext() as context:
        context.prec = len(str(value.numerator)) + value.denominator.bit_length() + 1
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")


def infix(node: Expression, names: Mapping[str, str] | None = None) -> str:
    """The formula as people read it, with no more parentheses than the order needs. `names` renames symbols."""
    return _infix(node, names or {}, 0, False)


def _infix(node: Expression, names: Mapping[str, str], outer: int, right: bool, spaced: bool = False) -> str:
    op, args = node.op, node.args
    bind = PRECEDENCE.get(op, ATOM)
    reduction = said(node)
    if reduction is not None:
        return f"{reduction.word.value}({_infix(reduction.operand, names, 0, False)}{', all' if reduction.over_all else ''})"
    if op == "literal":
        assert node.value is not None
        text = number(node.value)
        if "/" in text:
            bind = PRECEDENCE["div"]
        if text.startswith("-"):
            bind = PRECEDENCE["neg"]
    elif op in ("symbol", "constant"):
        assert node.name is not None
        text = names.get(node.name, node.name)
    elif op in ("add", "sub"):
        text = f"{_infix(args[0], names, 2, False)} {'+' if op == 'add' else '-'} {_infix(args[1], names, 2, True)}"
    elif op == "neg":
        text = f"-{_infix(args[0], names, 4, False)}"
    elif op in ("mul", "div"):
        wide = spaced or _divides(node)
        sign = {"mul": "*", "div": "/"}[op]
        sign = f" {sign} " if wide else sign
        text = f"{_infix(args[0], names, 4, False, wide)}{sign}{_infix(args[1], names, 4, True)}"
    elif op == "square":
        text = f"{_infix(args[0], names, 7, False)}^2"
    elif op == "pow":
        text = f"{_infix(args[0], names, 7, False)}^{_infix(args[1], names, 7, True)}"
    elif op in _CONDITION:
        text = f"{_infix(args[0], names, bind + 1, False)} {_CONDITION[op]} {_infix(args[1], names, bind + 1, False)}"
    else:
        inner = ", ".join(_infix(a, names, 0, False) for a in args)
        text = f"{op}({inner}{', ' + node.attribute if node.attribute else ''})"
    return f"({text})" if bind < outer or (right and bind == outer) else text


def _divides(node: Expression) -> bool:
    """True where the chain of products that starts here holds a division: then it is printed with spaces."""
    if node.op == "div":
        return not (node.args[0].op == "literal" and node.args[1].op == "literal")
    return node.op == "mul" and any(_divides(a) for a in node.args if a.op in ("mul", "div"))


def canonical(node: Expression) -> str:
    """The tree in prefix form, every detail of it: equal texts mean equal trees. Fingerprints are made from it."""
    if node.op == "literal":
        return str(node.value)
    if node.op in ("symbol", "constant"):
        assert node.name is not None
        return node.name
    mark = f"[{node.attribute}]" if node.attribute else ""
    return f"({node.op}{mark} {' '.join(canonical(a) for a in node.args)})"
