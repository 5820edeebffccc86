"""An implementation's own counters of updates: what one holds before update t is read from the code, not taken to be t - 1.

The first update shows by how much a counter goes on; any later one is run from that many times t - 1, and must leave that many times t.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from refopt.language.compose import substitute
from refopt.language.expression import Expression, literal, t
from refopt.lifting.identity import Answer, identical
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.paths import Explored
from refopt.lifting.unreadable import CannotRead

Counters = Mapping[str, Expression]
"""By name: what each counter holds before update t."""


def before(first: Explored, names: Iterable[str]) -> Counters:
    """Values of the counters before any later update, from the first one. Raises CannotRead for what is no whole number there."""
    found = {}
    for name in names:
        step = first.values[name].sym
        if not step.is_Integer:
            raise CannotRead(Obstacle.COUNTER_HOLDS, first.values[name])
        found[name] = t - 1 if step == 1 else int(step) * (t - 1) if step != 0 else literal(0)
    return found


def without_counters(explored: Explored, held: Counters, *, later: bool) -> Explored:
    """The rest of what an update leaves. Raises CannotRead where a later update does not leave what is held before the next."""
    for name, tree in held.items() if later else ():
        if identical(explored.values[name].sym, substitute(tree, {"t": t + 1}).sym) is not Answer.PROVED:
            raise CannotRead(Obstacle.COUNTER_GOES, tree, explored.values[name])
    return replace(explored, values={n: x for n, x in explored.values.items() if n not in held})
