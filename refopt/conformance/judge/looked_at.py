"""The ground of a verdict: the sizes, shapes, updates and hyperparameters that were really looked at in one format.

`conforms` is a claim about what was looked at and about nothing else; so it is printed, and what was declined stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from refopt.conformance.protocol.implementation import Ran, Skipped
from refopt.conformance.protocol.observe import Observation
from refopt.golden.description import Name
from refopt.golden.model import Case, Result
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule

Span = tuple[int, int]
"""Updates from one number to another, both included."""


@dataclass(frozen=True)
class LookedAt:
    """Scope of the answered cases of one format: cases, sizes, shapes and updates.

    cases     how many were answered
    sizes     numbers of elements of the tensors that got gradients
    shapes    their shapes
    tensors   how many tensors a run had
    updates   the numbers of the updates that were judged, as spans
    unjudged  those that were run and could not be judged: the state is hidden, and no bound is known so far out
    at_zero   hyperparameters that were 0 in some case
    changing  whether a case changed the rate in mid-run
    courses   the other hyperparameters that a case changed in mid-run
    resumed   the numbers of updates at which a run started from a given state
    reloaded  whether it was saved and loaded
    absent    whether a tensor's gradient was absent in some updates only
    declined  cases that the subject declined, with its reason
    """

    cases: int = 0
    sizes: tuple[int, ...] = ()
    shapes: tuple[tuple[int, ...], ...] = ()
    tensors: tuple[int, ...] = ()
    updates: tuple[Span, ...] = ()
    unjudged: tuple[Span, ...] = ()
    at_zero: tuple[str, ...] = ()
    changing: bool = False
    courses: tuple[str, ...] = ()
    resumed: tuple[int, ...] = ()
    reloaded: bool = False
    absent: bool = False
    declined: tuple[tuple[str, Name], ...] = ()


def looked_at(observations: Sequence[Observation], rule: Rule, ends: Mapping[str, int] | None = None, *, reloaded: bool = False) -> LookedAt:
    """Scope of the answered cases among `observations`; refusals asked for (`reject`) are no ground of a verdict.

    ends  by case: the last update that was judged, where that is not the last one that was run
    """
    answered = [o for o in observations if isinstance(o.answer, Ran) and o.request is not None and o.case.result != Result.REJECT]
    moving = [(o, p) for o in answered if o.request is not None for p in range(len(o.request.theta0)) if any(row[p] is not None for row in o.request.grads)]
    shapes = {o.request.theta0[p].shape for o, p in moving if o.request is not None}
    sizes = {o.request.theta0[p].size for o, p in moving if o.request is not None}
    run = {t for o in answered if o.request is not None for t in range(o.request.t0, o.request.t0 + len(o.request.grads))}
    numbers = {t for o in answered if o.request is not None for t in range(o.request.t0, _end(o, ends or {}) + 1)}
    return LookedAt(
        cases=len(answered),
        sizes=tuple(sorted(sizes)),
        shapes=tuple(sorted(shapes, key=lambda s: (len(s), s))),
        tensors=tuple(sorted({len(o.request.theta0) for o in answered if o.request is not None})),
        updates=spans(numbers),
        unjudged=spans(run - numbers),
        at_zero=tuple(h.name for h in rule.hyper if any(_is_zero(o.case, h) for o in answered)),
        changing=any(o.case.lr is not None for o in answered),
        courses=tuple(h.name for h in rule.hyper if any(h.name in o.case.courses for o in answered)),
        resumed=tuple(sorted({o.case.t0 for o in answered if any(p.state0 is not None for p in o.case.params)})),
        reloaded=reloaded,
        absent=any(any(row[p] is None for row in o.request.grads) for o, p in moving if o.request is not None),
        declined=tuple((o.case.id, o.answer.reason) for o in observations if isinstance(o.answer, Skipped)),
    )


def _end(o: Observation, ends: Mapping[str, int]) -> int:
    assert o.request is not None
    return ends.get(o.case.id, o.request.t0 + len(o.request.grads) - 1)


def _is_zero(case: Case, h: Hyper) -> bool:
    sent = h.name in case.hyper and float(case.hyper[h.name]) == 0
    return sent or (h.role is Role.RATE and case.lr is not None and any(float(x) == 0 for x in case.lr))


def spans(numbers: Iterable[int]) -> tuple[Span, ...]:
    """Whole numbers as spans without gaps, in order."""
    found: list[Span] = []
    for n in sorted(set(numbers)):
        if found and found[-1][1] == n - 1:
            found[-1] = found[-1][0], n
        else:
            found.append((n, n))
    return tuple(found)


def joined(parts: Sequence[LookedAt]) -> LookedAt:
    """Scope of several formats together."""
    return LookedAt(
        cases=max((p.cases for p in parts), default=0),
        sizes=tuple(sorted({x for p in parts for x in p.sizes})),
        shapes=tuple(sorted({x for p in parts for x in p.shapes}, key=lambda s: (len(s), s))),
        tensors=tuple(sorted({x for p in parts for x in p.tensors})),
        updates=spans(n for p in parts for first, last in p.updates for n in range(first, last + 1)),
        unjudged=spans(n for p in parts for first, last in p.unjudged for n in range(first, last + 1)),
        at_zero=tuple(dict.fromkeys(x for p in parts for x in p.at_zero)),
        changing=any(p.changing for p in parts),
        courses=tuple(dict.fromkeys(x for p in parts for x in p.courses)),
        resumed=tuple(sorted({x for p in parts for x in p.resumed})),
        reloaded=any(p.reloaded for p in parts),
        absent=any(p.absent for p in parts),
        declined=tuple(dict.fromkeys(x for p in parts for x in p.declined)),
    )
