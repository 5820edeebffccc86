"""States of one value in printed code: numbers in binary64, or integers, that are moved once an update beside the arrays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from refopt.language.compose import put_in
from refopt.language.expression import Kind
from refopt.language.rule import Let, Rule, State
from refopt.lowering.names import free_name


def in_order(rule: Rule, taken: Collection[str]) -> Rule:
    """The rule with nothing that an element needs of a scalar assigned anew before: the value before has a name of its own then.

    Printed code forms all scalars first and goes through the elements afterwards.
    """
    steps, used = list(rule.steps), {*taken, *rule.hyper_names, *rule.state_names, *(let.name for let in rule.steps)}
    for i, let in reversed(list(enumerate(steps))):
        earlier = [j for j in range(i) if not steps[j].symbol.is_scalar and let.name in steps[j].value.symbol_names]
        if not let.symbol.is_scalar or not earlier:
            continue
        before = replace(let.symbol, name=free_name(f"{let.name}_before", used))
        used.add(str(before.name))
        last = max((j for j in range(i) if steps[j].name == let.name), default=-1)
        for j in earlier:
            if j > last:
                (steps[j],) = put_in((steps[j],), {let.name: before})
        steps.insert(last + 1, Let(before, let.symbol, f"{let.name} before it is assigned"))
    return replace(rule, steps=tuple(steps))


def is_integer(state: State) -> bool:
    """True where a state is a whole number."""
    return state.kind is Kind.INTEGER


def moved(states: Sequence[State]) -> list[State]:
    """The states that an update changes."""
    return [s for s in states if not s.constant]
