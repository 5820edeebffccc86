"""One update of a rule as trees: theta and the states after it in the values before it, nothing simplified."""

from __future__ import annotations

from fractions import Fraction

from refopt.language.compose import substitute
from refopt.language.expression import Expression, literal, operation, t
from refopt.language.rule import Rule
from refopt.lifting.ranges import End, Range, exactly, range_of

_UPDATES = {True: {t: exactly(Fraction(1))}, False: {t: Range(End(Fraction(2)))}}
"""Numbers of the updates: of the first one, and of all later ones."""


def after(rule: Rule, *, first: bool) -> dict[str, Expression]:
    """theta and each state after an update, in the values before it: update 1 from the start, or any later one."""
    values: dict[str, Expression] = {s.name: s.initial if first else s.symbol for s in rule.state} | ({"t": literal(1)} if first else {})
    for let in rule.steps:
        values[let.name] = substitute(_chosen(let.value, first), values)
    return {n: values[n] for n in ("theta", *rule.state_names)}


def chooses_by_update(condition: Expression, *, first: bool) -> bool | None:
    """The truth of a comparison that the number of the update decides, in the first update or in every later one; else None."""
    if condition.op not in ("lt", "le", "gt", "ge", "eq") or t not in condition.symbols():
        return None
    difference = range_of(operation("sub", *condition.args), _UPDATES[first])
    always, never = {
        "lt": ((-difference).is_positive, difference.is_nonnegative), "le": (difference.is_nonpositive, difference.is_positive),
        "gt": (difference.is_positive, difference.is_nonpositive), "ge": (difference.is_nonnegative, (-difference).is_positive),
        "eq": (difference.is_nonnegative and difference.is_nonpositive, difference.has_no_zero),
    }[condition.op]  # fmt: skip
    return True if always else False if never else None


def _chosen(node: Expression, first: bool) -> Expression:
    """The tree with every choice decided that the number of the update decides."""
    if not node.args:
        return node
    if node.op == "where" and (known := chooses_by_update(node.args[0], first=first)) is not None:
        return _chosen(node.args[1] if known else node.args[2], first)
    return operation(node.op, *(_chosen(a, first) for a in node.args), attribute=node.attribute)
