"""Formulas on the gradient of the other sign: those of what maximizes."""

from __future__ import annotations

from typing import Any

from refopt.language.expression import g, theta
from refopt.language.rule import Rule


def turning(rule: Rule) -> list[str]:
    """The assignments that the gradient's sign changes, as they stand."""
    return [let.name for let in rule.steps if let.value.sym.subs(g.sym, -g.sym) != let.value.sym]


def is_turned(edited: Rule, reference: Rule) -> bool:
    """True where an edited formula moves theta as the reference does on the gradient of the other sign.

    Either g itself has another sign in it, or the step, where what leads to it is the same but for its sign.
    """
    ours, theirs = ([(let.name, let.value.sym) for let in rule.steps] for rule in (reference, edited))
    if [n for n, _ in ours] != [n for n, _ in theirs]:
        return False
    turned = [x.subs(g.sym, -g.sym) for _, x in ours]
    if all(_same(x, y) for x, (_, y) in zip(turned, theirs, strict=True)):
        return True
    flipped = {g.sym: -g.sym}
    for let in reference.steps:
        own = {**flipped, let.symbol.sym: -let.symbol.sym}
        if let.name != theta.name and _same(let.value.sym.subs(own, simultaneous=True), -let.value.sym):
            flipped = own
        elif let.name != theta.name and not _same(let.value.sym.subs(flipped, simultaneous=True), let.value.sym):
            return False
    wanted = [(n, x.subs(flipped, simultaneous=True) if n == theta.name else x) for n, x in ours]
    return all(_same(x, y) for (_, x), (_, y) in zip(wanted, theirs, strict=True))


def _same(one: Any, other: Any) -> bool:
    import sympy as sp  # a check that finds nothing wrong does without

    return bool(one == other or sp.expand(one - other) == 0)
