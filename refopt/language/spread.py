"""A rule whose states of one value are seen as states of one value an element: for engines that look at one element at a time."""

from __future__ import annotations

from dataclasses import replace

from refopt.language.compose import put_in
from refopt.language.expression import Kind, tensor
from refopt.language.rule import Rule


def spread(rule: Rule) -> Rule:
    """The rule with each real state of one value given to every element; what is made of it is then formed element by element.

    An integer of one value stays as it is: it is a count, known exactly, by which branches are chosen.
    """
    names = {s.name: tensor(s.name, s.symbol.letter, sign=s.symbol.sign) for s in rule.scalar_state if s.kind is not Kind.INTEGER}
    if not names:
        return rule
    steps, widened = [], dict(names)
    for let in put_in(rule.steps, names):
        (let,) = put_in((let,), widened)
        if let.symbol.is_scalar and not let.value.is_scalar:  # made of what is an element now
            widened[let.name] = tensor(let.name, let.symbol.letter, sign=let.symbol.sign)
        steps.append(replace(let, symbol=widened.get(let.name, let.symbol)))
    return replace(rule, state=tuple(replace(s, symbol=names.get(s.name, s.symbol)) for s in rule.state), steps=tuple(steps))


def counts(rule: Rule) -> tuple[str, ...]:
    """The states that are one integer."""
    return tuple(s.name for s in rule.scalar_state if s.kind is Kind.INTEGER)
