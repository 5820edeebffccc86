"""Domains of a formula and of a rule: every divisor, root and logarithm of the source's own trees must have a value where the rule has one."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from refopt.language.expression import Expression, t
from refopt.language.rule import Rule
from refopt.lifting.needs import Need, unproved
from refopt.lifting.ranges import End, Range, of_hypers
from refopt.proof.update_trees import after


def without_value(rule: Rule, read: Rule) -> Need | None:
    """A need of the second rule, in the first or a later update, that the first rule has not; None where it is proved that there is none.

    Looked at are theta and the states that it comes to depend on.
    """
    hyper = tuple({h.name: h for h in (*rule.hyper, *read.hyper)}.values())
    for first in (True, False):
        known = of_hypers(hyper)
        if not first:
            known[t] = Range(End(Fraction(2)))
        trees = after(read, first=first)
        need = unproved({n: trees[n] for n in _needed(read) if n in trees}, after(rule, first=first), known)
        if need is not None:
            return need
    return None


def _needed(rule: Rule) -> list[str]:
    """theta and the states that it comes to depend on, directly or through others."""
    trees: list[Mapping[str, Expression]] = [after(rule, first=False), after(rule, first=True)]
    pending, seen = ["theta"], {"theta": None}
    while pending:
        name = pending.pop()
        used = {str(s.name) for values in trees for s in values[name].symbols()} & set(rule.state_names)
        new = [x for x in sorted(used) if x not in seen and x in trees[0]]
        pending += new
        seen |= dict.fromkeys(new)
    return list(seen)
