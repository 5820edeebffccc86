"""The source's side of a certificate in Coq's words: what foreign code was seen to do, in its own order, every operation in parentheses.

What the code computes once and uses again (a sub-tree that occurs more than once) is a definition of its own. Nothing here is
shared with the printer of the rule's side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from refopt.language.expression import Expression
from refopt.proof.unwritable import unwritable

WRITTEN = {
    "add": "({0} + {1})", "sub": "({0} - {1})", "mul": "({0} * {1})", "div": "({0} / {1})", "neg": "(- {0})", "square": "({0} * {0})",
    "sqrt": "(sqrt {0})", "abs": "(Rabs {0})", "max": "(Rmax {0} {1})", "min": "(Rmin {0} {1})",
    "exp": "(exp {0})", "log": "(ln {0})", "sin": "(sin {0})", "cos": "(cos {0})", "tanh": "(tanh {0})",
}  # fmt: skip
"""Each operation on operands that are names, numbers or in parentheses."""
CHOICES = {"lt": "Rlt_dec", "le": "Rle_dec", "gt": "Rgt_dec", "ge": "Rge_dec"}


LONG = 3
"""Operations in a sub-tree that is worth a name where it occurs more than once."""


@dataclass
class SourceInCoq:
    """Definitions of the code's operations in one update.

    steps    (name, text) of every definition, in order
    results  the name that holds theta and each state after the update
    powers   (base, exponent) of every power whose exponent is the number of the update
    """

    steps: list[tuple[str, str]] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    powers: list[tuple[str, str]] = field(default_factory=list)


def in_coq(values: Mapping[str, Expression], *, first: bool) -> SourceInCoq:
    """The operations that give these values, theta last. `first`: of update t = 1."""
    writer = _Operations(first, values)
    for name in (*(n for n in values if n != "theta"), *(n for n in values if n == "theta")):
        text = writer.operand(values[name])
        bare = text[1:-1] if _encloses(text) else text
        writer.found.steps.append((f"source_{name}", bare))
        writer.found.results[name] = f"source_{name}"
        writer.known[values[name]] = f"source_{name}"
    return writer.found


def operand(node: Expression) -> str:
    """A formula by itself, as an operand."""
    return _Operations(False, {}).operand(node)


def _encloses(text: str) -> bool:
    """True where the first parenthesis is closed by the last."""
    depth = 0
    for i, x in enumerate(text):
        depth += {"(": 1, ")": -1}.get(x, 0)
        if depth == 0:
            return i == len(text) - 1 and text.startswith("(")
    return False


class _Operations:
    def __init__(self, first: bool, values: Mapping[str, Expression]) -> None:
        self.first = first
        self.found = SourceInCoq()
        self.known: dict[Expression, str] = {}
        met = Counter(node for tree in set(values.values()) for node in tree.walk())
        inside = {part for node, times in met.items() if times > 1 for part in [*node.walk()][1:] if met[part] == times}
        self.shared = {node for node, times in met.items() if times > 1 and sum(bool(x.args) for x in node.walk()) >= LONG} - inside - set(values.values())

    def operand(self, node: Expression) -> str:
        """A value as an operand: a name, a number, or an operation in parentheses."""
        if node in self.known:
            return self.known[node]
        if node.op == "literal":
            assert node.value is not None
            top, bottom = node.value.numerator, node.value.denominator
            return f"{top}" if bottom == 1 and top >= 0 else f"({top})" if bottom == 1 else f"({top} / {bottom})"
        if node.op == "symbol":
            return ("1" if self.first else "(INR t)") if node.name == "t" else str(node.name)
        if node.op == "constant":
            return {"pi": "PI"}[str(node.name)]
        text = self._operation(node)
        if node not in self.shared:
            return text
        self.known[node] = f"shared_{1 + sum(n.startswith('shared_') for n, _ in self.found.steps)}"
        self.found.steps.append((self.known[node], text[1:-1] if _encloses(text) else text))
        return self.known[node]

    def _operation(self, node: Expression) -> str:
        if node.op == "cast":
            return self.operand(node.args[0])
        if node.op == "pow":
            return self._power(node.args[0], node.args[1])
        if node.op == "where":
            question, then, otherwise = node.args
            if question.op not in CHOICES:
                raise unwritable(f"the choice by {question}")
            a, b = (self.operand(x) for x in question.args)
            return f"(if {CHOICES[question.op]} {a} {b} then {self.operand(then)} else {self.operand(otherwise)})"
        if node.op not in WRITTEN:
            raise unwritable(f"the operation {node.op}")
        return WRITTEN[node.op].format(*(self.operand(a) for a in node.args))

    def _power(self, base: Expression, exponent: Expression) -> str:
        b = self.operand(base)
        if exponent.op == "literal" and exponent.value is not None and exponent.value >= 0:
            if exponent.value.denominator == 1:
                return f"({b} ^ {exponent.value})"
            if exponent.value == Fraction(1, 2):
                return f"(sqrt {b})"
        elif exponent.op == "symbol" and exponent.name == "t":
            if self.first:
                return f"({b} ^ 1)"
            if (b, str(exponent.name)) not in self.found.powers:
                self.found.powers.append((b, str(exponent.name)))
            return f"({b} ^ {exponent.name})"
        raise unwritable(f"the power {base}^({exponent})")
