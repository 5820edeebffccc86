"""A loop on a whole number that no run on symbols would end: what it leaves, proved from one turn of it.

A turn that halves a counter n, squares a factor, and multiplies a result by the factor where n is odd, keeps result * factor^n. At
the end n is 0, so the result is that product at the start. No name is trusted: the turn is run for n = 2h and for n = 2h + 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from refopt.language.expression import Expression, Kind, literal, operation, scalar
from refopt.lifting.identity import Answer, identical
from refopt.lifting.numbers import power
from refopt.lifting.paths import Facts

HALF = scalar("_half", sign="nonnegative", kind=Kind.INTEGER)
"""h: any whole number from 0 on."""
KNOWN = Facts((), {str(HALF.name): 0})
"""Facts that hold while a turn is run."""
Turn: TypeAlias = Callable[[Sequence[Expression]], Sequence[Expression]]
"""One turn: what the loop carries after it, in what it carries before it. Run with KNOWN."""


class NothingProved:
    """A result of a loop of which nothing is proved: there is no arithmetic with it."""


def carried(start: Sequence[Expression], counter: int) -> list[Expression]:
    """A symbol of its own for each thing that a loop carries; the counter, which has a place, is h there."""
    return [HALF if i == counter else scalar(f"_carried_{i}") for i in range(len(start))]


def left_by(start: Sequence[Expression], counter: int, turn: Turn) -> list[Expression | None] | None:
    """Results of a loop that ends when its counter is 0, from what it starts with; None for a result of which nothing is proved.

    The counter must not be negative at the start. None instead of a list where it is not proved to be halved in every turn.
    """
    before = carried(start, counter)
    even, odd = (list(turn([n if i == counter else x for i, x in enumerate(before)])) for n in (2 * HALF, 2 * HALF + 1))
    if not (_same(even[counter], HALF) and _same(odd[counter], HALF)):
        return None
    others = [i for i in range(len(start)) if i != counter]
    squared = [i for i in others if all(_same(after[i], operation("square", before[i])) for after in (even, odd))]
    left: list[Expression | None] = [literal(0) if i == counter else None for i in range(len(start))]
    for i in others:
        if not _same(even[i], before[i]):
            continue
        if _same(odd[i], before[i]):
            left[i] = start[i]
        for f in squared:
            if _same(odd[i], operation("mul", before[i], before[f])):
                raised = power(start[f], start[counter])
                left[i] = raised if start[i].value == 1 else operation("mul", start[i], raised)
    return left


def _same(one: Expression, other: Expression) -> bool:
    return one.kind is not Kind.BOOLEAN and identical(one.sym, other.sym) is Answer.PROVED
