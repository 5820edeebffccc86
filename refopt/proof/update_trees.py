"""One update of a rule as trees: theta and the states after it in the values before it, nothing simplified."""

from __future__ import annotations

from refopt.language.compose import substitute
from refopt.language.expression import Expression, equal, literal, operation, t
from refopt.language.rule import Rule


def after(rule: Rule, *, first: bool) -> dict[str, Expression]:
    """theta and each state after an update, in the values before it: update 1 from the start, or any later one."""
    values: dict[str, Expression] = {s.name: s.initial for s in rule.state} | {"t": literal(1)} if first else {}
    kept = ["theta", *(s.name for s in rule.state if not s.constant)]
    for let in rule.steps:
        values[let.name] = substitute(_chosen(let.value, first), values)
    return {n: values[n] for n in kept}


def _chosen(node: Expression, first: bool) -> Expression:
    """The tree with where(t = 1, a, b) decided."""
    if not node.args:
        return node
    if node.op == "where" and node.args[0] == equal(t, 1):
        return _chosen(node.args[1] if first else node.args[2], first)
    return operation(node.op, *(_chosen(a, first) for a in node.args), attribute=node.attribute)
