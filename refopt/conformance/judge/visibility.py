"""Visibility of an implementation's state: measured, not assumed.

A run is cut in two, and a fresh instance is given what could be seen at the cut. If it goes on with the same bits, the
visible state is complete and every step can be judged by itself. If the bits differ, something is hidden. What the
implementation itself saves is judged apart (resume).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from refopt.conformance.judge.resume.cut import rest_of
from refopt.conformance.protocol.implementation import Buffers, Implementation, Ran, Request, Snapshot
from refopt.conformance.protocol.observe import Observation, comes_and_goes, where_to_cut
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.golden.description import Name
from refopt.language.rule import Rule, State


@dataclass(frozen=True)
class Visibility:
    """Result of the measurement.

    complete  the visible state is all there is: stepwise judging is sound
    hidden    there is state that cannot be seen
    reason    why it is not complete; None where it is
    extras    what stands in its state besides the rule's variables: starting from those alone is not asked of it
    """

    complete: bool
    hidden: bool
    reason: Name | None = None
    extras: tuple[str, ...] = ()


def measure(implementation: Implementation, rule: Rule, observations: Sequence[Observation], others: Sequence[Rule] = ()) -> Visibility:
    """Cut runs in two and compare bits. Buffers that show the state of `others`, formulas that may explain it, are visible too."""
    views = implementation.views(rule)
    asked = [(o.request, o.answer) for o in observations if o.request is not None and isinstance(o.answer, Ran)]
    runs = [(r, ran) for r, ran in asked if _usable(r)]
    unseen = [s.name for s in rule.state if s.name not in views or not _is_seen(s, views[s.name].buffer, [ran for _, ran in runs])]
    if not implementation.resumes:
        return Visibility(False, bool(unseen), Reason(Why.CANNOT_RESUME))
    extras = tuple(dict.fromkeys(n for _, ran in asked if isinstance(ran.saved, Saved) for n in ran.saved.extras(rule.state_names)))
    if unseen:
        return Visibility(False, True, Reason(Why.UNSEEN, tuple(unseen)), extras)
    visible = {v.buffer for r in (rule, *others) for v in implementation.views(r).values()}
    if not all(_continues(implementation, request, ran, visible) for request, ran in runs):
        return Visibility(False, True, Reason(Why.MORE_STATE), extras)
    return Visibility(True, False, extras=extras)


def _usable(request: Request) -> bool:
    """Short runs of small tensors. Where a gradient comes and goes, the number of the next update is not each tensor's own."""
    return where_to_cut(request) is not None and not comes_and_goes(request)


def _is_seen(state: State, buffer: str, runs: Sequence[Ran]) -> bool:
    """True where a run shows a state; of one that no update assigns, where every run does: in another run it is not what theta is by now."""
    return any(_shows(buffer, ran) for ran in runs) and (not state.constant or all(_shows(buffer, ran) for ran in runs))


def _shows(buffer: str, ran: Ran) -> bool:
    return any(buffer in s for s in ran.after[-1].state)


def _continues(implementation: Implementation, request: Request, ran: Ran, visible: set[str]) -> bool:
    """True where a fresh instance goes on from the middle with the same bits, given the visible buffers."""
    cut = where_to_cut(request)
    assert cut is not None
    middle = ran.after[cut - 1]
    answer = implementation.run(replace(rest_of(request, middle, cut), state0=tuple(_picked(s, visible) for s in middle.state)))
    return isinstance(answer, Ran) and all(_alike(a, b, visible) for a, b in zip(answer.after, ran.after[cut:], strict=True))


def _picked(buffers: Buffers, visible: set[str]) -> Buffers:
    return {n: x for n, x in buffers.items() if n in visible}


def _alike(a: Snapshot, b: Snapshot, visible: set[str]) -> bool:
    if any(x.tobytes() != y.tobytes() for x, y in zip(a.theta, b.theta, strict=True)):
        return False
    for s, u in zip(a.state, b.state, strict=True):
        for name in set(s) & set(u):
            if name in visible and s[name].tobytes() != u[name].tobytes():
                return False
    return True
