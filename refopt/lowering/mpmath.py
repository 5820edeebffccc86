"""Lowering to mpmath: one element in numbers of any precision.

Whatever is made of literals and integers only (t, k, `period`) is computed exactly, in integers and fractions; integer
exponents stay Python integers. Everything else is mpmath's, at the precision in force when the code runs.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from fractions import Fraction

from refopt.language.evaluate import is_integral
from refopt.language.expression import Expression, Kind
from refopt.language.hyper import Hyper
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.layout import documentation, signature
from refopt.lowering.names import Own, spelled
from refopt.lowering.printer import ATOM, NO_REDUCTIONS, Dialect, Spelling, Table, text
from refopt.lowering.python import OPERATORS, PRODUCT, SIGN, call, default

NAME = "mpmath"
FUNCTIONS = ("cos", "exp", "floor", "log", "sign", "sin", "sqrt", "tanh")
OURS = "mpf pi real cbrt Fraction math cast sum entry ilog max min abs int pow"
RESERVED = frozenset([*keyword.kwlist, *OURS.split(), *FUNCTIONS])
"""Names that the printed code uses itself."""


def _exact(value: Fraction, bare: bool) -> tuple[str, int]:
    if value.denominator != 1:
        return f'Fraction("{value}")', ATOM
    if not bare:
        return f"+{value}", SIGN
    return str(value), SIGN if value < 0 else ATOM


EXACT = Table(
    _exact,
    {
        **OPERATORS,
        "div": call("Fraction", 2),
        "pow": Spelling("Fraction({0})**int({1})", OPERATORS["pow"].binds),
        "floor": call("math.floor"),
    },
)
"""Integers and fractions."""

REAL = Table(
    _exact,
    {**OPERATORS, **{name: call(name) for name in FUNCTIONS}, "cbrt": call("cbrt"), "cast": Spelling('cast({0}, "{attribute}")')},
    NO_REDUCTIONS,
)
"""mpmath's numbers. A cast is the identity, as in the mathematics."""

_TAKES_INTEGERS = frozenset({"add", "sub", "mul", "div", "pow", "lt", "le", "gt", "ge", "eq", *FUNCTIONS})
"""Operations that give the same number whether a whole operand is a Python integer or mpmath's."""


def _crossing(node: Expression, parent: Expression | None) -> Spelling | None:
    if node.op == "constant":
        return Spelling("+{0}", SIGN) if parent is None else None
    if not is_integral(node) or node.kind is Kind.BOOLEAN or (parent is not None and is_integral(parent)):
        return None
    if node.kind is Kind.INTEGER and parent is not None and parent.op in _TAKES_INTEGERS:
        return None
    if node.op == "literal" and node.value is not None:
        top, bottom = node.value.numerator, node.value.denominator
        return Spelling(f"mpf({top})") if bottom == 1 else Spelling(f"mpf({top}) / {bottom}", PRODUCT)
    return Spelling("real({0})")


def _fold(node: Expression) -> tuple[Spelling, tuple[Expression, ...]] | None:
    if node.op == "pow" and node.args[1].op == "literal" and node.args[1].value == 2 and not is_integral(node):
        return call("pow", 2), node.args
    return None


DIALECT = Dialect("mpmath", lambda node: EXACT if is_integral(node) else REAL, {"pi": "pi"}, _crossing, _fold)


def module(concept: Rule | Schedule) -> str:
    """A module with `init` and `step` of one element, or `rate`, in mpmath."""
    written = spelled(concept, RESERVED)
    if isinstance(concept, Rule):
        rule, own = written.rule, written.own
        initial = [f'"{own(s.name)}": {text(s.initial, DIALECT)}' for s in rule.state]
        used = {str(x.name) for s in rule.state for x in s.initial.symbols()}
        head = signature("init", ["theta"], _hypers([h for h in rule.hyper if h.name in used]), "", "")
        body = [head, '    """The state before the first update."""', f"    return {{{', '.join(initial)}}}", "", "", _step(rule, own)]
    else:
        body = [_rate(written.schedule)]
    code = "\n".join(body)
    return "\n".join([*documentation(concept, NAME, ["One element, at mpmath's working precision."]), *_imports(code), "", "", code])


def _imports(code: str) -> list[str]:
    code += "mpf(" if "cbrt(" in code else ""  # its helper makes a number
    functions = [name for name in (*FUNCTIONS, "mpf", "pi") if re.search(rf"(?<![\w.]){name}\(", code) or (name == "pi" and "pi" in code)]
    lines = [f"from mpmath import {', '.join(sorted(functions))}"] if functions else []
    first = [line for line, word in (("import math", "math.floor("), ("from fractions import Fraction", "Fraction(")) if word in code]
    lines = [*first, *([""] if first and lines else []), *lines]
    helpers = [f"{head}\n{body}" for word, (head, body) in _HELPERS.items() if f"{word}(" in code]
    return [*lines, *(f"\n\n{h}" for h in helpers)]


_HELPERS = {
    "cbrt": ("def cbrt(x):\n" + '    """The real cube root."""', "    return -((-x) ** (mpf(1) / 3)) if x < 0 else x ** (mpf(1) / 3)"),
    "ilog": (
        "def ilog(x, base):\n" + '    """The integer logarithm: the largest i with base**i <= x; 0 where x < 1 or base < 2."""',
        "    found = 0\n    while 2 <= base <= x:\n        x, found = x // base, found + 1\n    return found",
    ),
    "real": ("def real(x):\n" + '    """An integer or a fraction as a number of mpmath."""', "    return mpf(x.numerator) / x.denominator"),
    "cast": ("def cast(x, number_format):\n" + '    """The identity: casts round in print only."""', "    return x"),
}


def _step(rule: Rule, own: Own) -> str:
    lines = [signature("step", ["theta", "g", *rule.input_names, "state", "t"], _hypers(rule.hyper), "", "")]
    lines.append('    """theta and the state after update t = 1, 2, ... of one element."""')
    if rule.state:
        old = [f'state["{own(s)}"]' for s in rule.state_names]
        lines.append(f"    {', '.join(rule.state_names)} = {', '.join(old)}")
    lines += [f"    {let.name} = {text(let.value, DIALECT)}" for let in rule.steps]
    new = ", ".join(f'"{own(s)}": {s}' for s in rule.state_names)
    return "\n".join([*lines, f"    return theta, {{{new}}}", ""])


def _rate(schedule: Schedule) -> str:
    head = signature("rate", ["k"], _hypers(schedule.hyper), "", "")
    return "\n".join([head, '    """The learning rate of step k = 0, 1, 2, ..."""', f"    return {text(schedule.rate, DIALECT)}", ""])


def _hypers(hyper: Sequence[Hyper]) -> list[str]:
    return [f"{h.name}={default(h) if h.is_list else h.value(h.default) if h.symbol.kind is Kind.INTEGER else f'mpf({h.default})'}" for h in hyper]
