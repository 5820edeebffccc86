"""The memory of a step, in the order in which a whole run of it is computed soonest.

theta and g are known before every update. What needs nothing else is computed for all updates at once; a state that its next
value depends on as factor*state + rest, with a scalar factor and a known rest, takes two operations an update, and is known from then on;
what is left goes step by step. The operations are those of the rule, each on the same operands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from refopt.language.compose import substitute
from refopt.language.expression import Expression, tensor
from refopt.language.rule import Let


@dataclass(frozen=True)
class Recurrence:
    """state <- factor*state + rest, or - rest where it is `taken`.

    factor  None where the state is only added to
    rest    the name of that value
    after   the name that the state has after the update
    """

    state: str
    factor: Expression | None
    rest: str
    taken: bool
    after: str


@dataclass(frozen=True)
class Stage:
    """Assignments that are made for all updates at once, and the recurrence that they make possible; None in the last stage."""

    lets: tuple[Let, ...]
    recurrence: Recurrence | None = None


@dataclass(frozen=True)
class Plan:
    """Stages of a memory, and the assignments that are left, which go step by step and give the `last` states."""

    stages: tuple[Stage, ...]
    left: tuple[Let, ...]
    last: tuple[str, ...]


def planned(lets: Sequence[Let], states: Sequence[str]) -> Plan:
    """The plan of the assignments that a memory needs."""
    stages: list[Stage] = []
    known: list[Let] = []
    left: list[Let] = []
    put: dict[str, Expression] = {}
    names = [let.name for let in lets]
    unknown = set(states)
    for number, let in enumerate(lets):
        value = substitute(let.value, put)
        needs = value.symbol_names & unknown
        own = needs == {let.name} and names.count(let.name) == 1 and not any(let.name in x.value.symbol_names for x in left)
        recurrence = _recurrence(let.name, value, number) if own else None
        if recurrence is not None:
            found, rest = recurrence
            stages.append(Stage((*known, Let(tensor(found.rest), rest)), found))
            known = []
            unknown.discard(let.name)
            put[let.name] = tensor(found.after)
        elif not needs and let.name not in states:
            put[let.name] = value if value.is_scalar else tensor(f"{let.name} {number}")
            known += [] if value.is_scalar else [Let(put[let.name], value)]
        else:
            left.append(Let(let.symbol, value))
            unknown.add(let.name)
            put.pop(let.name, None)
    done = {s.recurrence.state for s in stages if s.recurrence is not None}
    return Plan((*stages, *([Stage(tuple(known))] if known else [])), tuple(left), tuple(n for n in states if n not in done))


def _recurrence(name: str, value: Expression, number: int) -> tuple[Recurrence, Expression] | None:
    """A value as a recurrence, with its rest; None where it is nothing so simple."""
    if value.op not in ("add", "sub"):
        return None
    for own, rest in (value.args, value.args[::-1]) if value.op == "add" else (value.args,):
        if name in rest.symbol_names or rest.is_scalar:
            continue
        if own.op == "symbol" and own.name == name:
            return Recurrence(name, None, f"{name} rest {number}", value.op == "sub", f"{name} {number}"), rest
        for symbol, factor in (own.args, own.args[::-1]) if own.op == "mul" else ():
            if symbol.op == "symbol" and symbol.name == name and factor.is_scalar:
                return Recurrence(name, factor, f"{name} rest {number}", value.op == "sub", f"{name} {number}"), rest
    return None
