"""Counting of the updates of a tensor whose gradient is absent in some: both ways are right, and it is measured.

The run is made again without those updates. A tensor that goes the very same way counts its own updates; one that does not,
those of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from refopt.conformance.protocol.implementation import Implementation, Ran, Request, Snapshot
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import Case, Counting


def with_countings(implementation: Implementation, observations: Sequence[Observation]) -> list[Observation]:
    """The observations, each with the one counting that explains most of those in which a gradient comes and goes."""
    told = [o for o in observations if isinstance(o.answer, Ran) and comes_and_goes(o.case)]
    own = [counts_its_own(implementation, o) for o in told]
    counting = Counting.OWN if own and 2 * sum(own) > len(own) else Counting.RUN
    return [replace(o, counting=counting) if o in told else o for o in observations]


def comes_and_goes(case: Case) -> bool:
    """True where a tensor has a gradient in some updates, and none in others."""
    return any(len({row[p] is None for row in case.grads}) > 1 for p in range(len(case.params)))


def counts_its_own(implementation: Implementation, o: Observation) -> bool:
    """True where leaving out the updates in which a gradient is absent changes nothing for the tensors that lack it."""
    assert o.request is not None and isinstance(o.answer, Ran)
    kept = [i for i, row in enumerate(o.request.grads) if all(g is not None for g in row)]
    answer = implementation.run(without(o.request, kept))
    if not isinstance(answer, Ran):
        return False
    tensors = [p for p in range(len(o.case.params)) if any(row[p] is None for row in o.request.grads)]
    return all(_same(answer.after[k], o.answer.after[i], p) for k, i in enumerate(kept) for p in tensors)


def _same(one: Snapshot, other: Snapshot, p: int) -> bool:
    """True where a tensor's parameter and everything that is seen of its state are the same, bit by bit."""
    a, b = ({"": s.theta[p], **(s.state[p] if s.state else {})} for s in (one, other))
    return a.keys() == b.keys() and all(np.asarray(a[n]).tobytes() == np.asarray(b[n]).tobytes() for n in a)


def without(request: Request, kept: Sequence[int]) -> Request:
    """The run of only some of its updates."""
    return request.some_updates(kept)
