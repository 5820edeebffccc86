"""The other formulas of a level, fitted from where the answer stands: what the answer leaves open is what a sister may need elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from refopt.identify.coordinates import places, sought
from refopt.identify.explain import Found, Tried, can_be_freed, followed, found_of, stages
from refopt.identify.fit import descended
from refopt.identify.interval import Open
from refopt.identify.log import Log
from refopt.language.rule import Rule

PLACES = 4
"""Values that are tried of a hyperparameter that the log leaves open."""


def sisters(found: Sequence[Found], level: Sequence[Rule], log: Log, tried: Tried) -> Iterator[Found]:
    """The formulas of the level that were ruled out from the starts of a grid, and yet explain the log from the answer's hyperparameters."""
    answer = min(found, key=lambda f: len(f.fit.coordinates))
    known, part = {f.name for f in found}, stages(log)[1]
    for rule in level:
        if rule.name in known or rule.name in tried.limits or (answer.fit.free and not can_be_freed(rule, log)):
            continue
        coordinates = sought(rule, log, answer.fit.free)
        values = {c.name: _values(next((o for o in answer.hyper if o.name == c.name), None), c.default) for c in coordinates}
        rows = max((len(x) for x in values.values()), default=1)
        q = places(coordinates, {name: np.array([x[k % len(x)] for k in range(rows)]) for name, x in values.items()})
        fit = followed(descended(rule, part, q, answer.fit.free), log)
        other = found_of(fit, tried)
        if other is not None:
            tried.ruled_out[:] = [f for f in tried.ruled_out if f.rule is not rule]
            yield other


def _values(o: Open | None, default: float) -> tuple[float, ...]:
    """The answer's value; where that is open, others of its range; the default where the answer has none of that name."""
    if o is None:
        return (default,)
    if o.recovered:
        return (o.value,)
    high = o.high if math.isfinite(o.high) else 100 * max(o.value, default)
    low = max(o.low, high * 1e-4)
    return (o.value, *(float(x) for x in np.geomspace(low, high, PLACES)))
