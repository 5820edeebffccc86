"""The tree itself as JSON: everything that a formula computes, for programs that want to make their own code of it.

An operation is a list, its name first: ["add", a, b]. A symbol is a string, a number ["literal", "1/3"], pi ["constant", "pi"];
what an operation is told besides its operands (the format of a cast, what a reduction goes over) stands last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from refopt.language.expression import OPERATIONS, Expression
from refopt.language.operations import RECORDS
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.layout import facts
from refopt.lowering.printer import ANY, ATOM, Dialect, Printer, Spelling, Table

NAME = "json"
SUFFIX = ".json"
FORMAT = "refopt.tree/1"
TOLD = frozenset({"cast", *(o.name for o in RECORDS if o.reduces)})
"""Operations that are told something besides their operands."""


def _operation(op: str, count: int) -> Spelling:
    operands = "".join(f", {{{i}}}" for i in range(count))
    return Spelling(f'["{op}"{operands}{", " + chr(34) + "{attribute}" + chr(34) if op in TOLD else ""}]', ATOM, (ANY,) * count)


def _literal(value: Fraction, bare: bool) -> tuple[str, int]:
    return f'["literal", "{value}"]', ATOM


TABLE = Table(_literal, {op: _operation(op, count) for op, count in OPERATIONS.items()})
"""Every operation of the language: nothing is refused."""

DIALECT = Dialect(NAME, lambda node: TABLE, {"pi": '["constant", "pi"]'})
CONTRACT = ("A list is an operation, its name first; a string is a symbol. The order of the operands is the order of the floating-point operations.",)


def tree(node: Expression) -> str:
    """A tree as JSON text."""
    return Printer(DIALECT, {}, lambda n: json.dumps(n.name) if n.op == "symbol" else None).expression(node)


def module(concept: Rule | Schedule) -> str:
    """The whole formula as one JSON object."""
    head = {
        "generated": f"refopt generate {concept.name} --to {NAME}",
        "fingerprint": concept.fingerprint,
        "format": FORMAT,
        "kind": "rule" if isinstance(concept, Rule) else "schedule",
        "name": concept.name,
        "about": facts(concept, CONTRACT, defaults=True),
    }
    fields = [f"  {json.dumps(key)}: {_value(value)}" for key, value in head.items()]
    fields.append(_rows("hyper", [_hyper(h) for h in concept.hyper]))
    if isinstance(concept, Rule) or concept.waits:
        if isinstance(concept, Rule) and concept.inputs:
            fields.append(_rows("inputs", [{"name": json.dumps(one.name), "role": json.dumps(one.role.value)} for one in concept.inputs]))
        fields.append(_rows("state", [_state(s) for s in concept.state]))
        fields.append(_rows("steps", [_step(let) for let in concept.steps]))
    if isinstance(concept, Schedule):
        fields.append(f'  "rate": {tree(concept.rate)}')
        fields.append(f'  "recursion": {"null" if concept.recursion is None else tree(concept.recursion)}')
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    return "[\n" + ",\n".join(f"    {json.dumps(line)}" for line in value) + "\n  ]"


def _rows(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    """A list of objects, each on a line; the values are JSON text already."""
    lines = ["    {" + ", ".join(f'"{key}": {value}' for key, value in row.items()) + "}" for row in rows]
    return f'  "{name}": [' + ("\n" + ",\n".join(lines) + "\n  ]" if lines else "]")


def _hyper(h: Any) -> dict[str, str]:
    domain = "[" + ", ".join(map(tree, h.conditions)) + "]"
    return {"name": json.dumps(h.name), "kind": json.dumps(h.symbol.kind.value), "default": json.dumps(h.default), "domain": domain}


def _state(s: Any) -> dict[str, str]:
    return {
        "name": json.dumps(s.name), "extent": json.dumps(str(s.extent)), "kind": json.dumps(s.kind.value), "constant": json.dumps(s.constant),
        "initial": tree(s.initial),
    }  # fmt: skip


def _step(let: Any) -> dict[str, str]:
    symbol = let.symbol
    return {"name": json.dumps(let.name), "extent": json.dumps(str(symbol.extent)), "kind": json.dumps(symbol.kind.value), "value": tree(let.value)}
