"""How much of an implementation's state can be seen: measured, not assumed.

A run is cut in two, and a fresh instance is given what could be seen at the cut. If it goes on with the same bits, the
visible state is complete and every step can be judged by itself. If the bits differ, something is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from refopt.conformance.implementation import Buffers, Implementation, Ran, Request, Snapshot
from refopt.conformance.observe import Observation
from refopt.language.rule import Rule

LARGEST = 1000
"""Tensors up to this size are used; larger ones keep no other kind of state."""
LONGEST = 100
"""Runs of so many updates are used; longer ones cost much and keep no other kind of state either."""


@dataclass(frozen=True)
class Visibility:
    """What may be relied on.

    complete  the visible state is all there is: stepwise judging is sound
    hidden    there is state that cannot be seen or does not come back
    reloads   a saved state can be loaded and continued, private parts included
    reason    why it is not complete
    """

    complete: bool
    hidden: bool
    reloads: bool
    reason: str = ""


def measure(implementation: Implementation, rule: Rule, observations: Sequence[Observation], others: Sequence[Rule] = ()) -> Visibility:
    """Cut runs in two and compare bits. Buffers that show the state of `others`, formulas that may explain it, are visible too."""
    views = implementation.views(rule)
    runs = [(o.request, o.answer) for o in observations if o.request is not None and isinstance(o.answer, Ran) and _usable(o.request)]
    unseen = [s for s in rule.state_names if s not in views or not any(_shows(views[s].buffer, a) for _, a in runs)]
    if not implementation.resumes:
        return Visibility(False, bool(unseen), False, "it cannot start from a given state")
    visible = {v.buffer for r in (rule, *others) for v in implementation.views(r).values()}
    reloads = same = True
    for request, ran in runs:
        reloads = reloads and _continues(implementation, request, ran, None)
        same = same and reloads and _continues(implementation, request, ran, visible)
    if unseen:
        return Visibility(False, True, reloads, f"{', '.join(unseen)} cannot be seen")
    if not same:
        what = "its visible state is not all of its state" if reloads else "it does not go on from a saved state"
        return Visibility(False, True, reloads, what)
    return Visibility(True, False, True)


def _usable(request: Request) -> bool:
    """Short runs of small tensors. Where a gradient comes and goes, the number of the next update is not each tensor's own."""
    comes_and_goes = any(len({g is None for g in column}) > 1 for column in zip(*request.grads, strict=True))
    return 2 <= len(request.grads) <= LONGEST and all(x.size <= LARGEST for x in request.theta0) and not comes_and_goes


def _shows(buffer: str, ran: Ran) -> bool:
    return any(buffer in s for s in ran.after[-1].state)


def _continues(implementation: Implementation, request: Request, ran: Ran, visible: set[str] | None) -> bool:
    """Whether a fresh instance goes on from the middle with the same bits, given all buffers or only the visible ones."""
    cut = len(request.grads) // 2
    middle = ran.after[cut - 1]
    state0 = tuple(_picked(s, visible) for s in middle.state)
    rest = replace(
        request,
        theta0=middle.theta,
        state0=state0,
        t0=request.t0 + cut,
        lr=None if request.lr is None else request.lr[cut:],
        grads=request.grads[cut:],
    )
    answer = implementation.run(rest)
    if not isinstance(answer, Ran):
        return False
    return all(_alike(a, b, visible) for a, b in zip(answer.after, ran.after[cut:], strict=True))


def _picked(buffers: Buffers, visible: set[str] | None) -> Buffers:
    return {n: x for n, x in buffers.items() if visible is None or n in visible}


def _alike(a: Snapshot, b: Snapshot, visible: set[str] | None) -> bool:
    if any(x.tobytes() != y.tobytes() for x, y in zip(a.theta, b.theta, strict=True)):
        return False
    for s, u in zip(a.state, b.state, strict=True):
        for name in set(s) & set(u):
            if (visible is None or name in visible) and s[name].tobytes() != u[name].tobytes():
                return False
    return True
