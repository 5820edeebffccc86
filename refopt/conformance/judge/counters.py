"""An implementation's own step counter: compared with the number of the update, as an integer, apart from everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from refopt.conformance.protocol.implementation import Implementation, Ran, Request, Skipped
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.protocol.reason import Reason, Why
from refopt.golden.description import Name

FLOAT32_STOPS = 2**24
"""Adding 1 to this number changes nothing in float32."""


def known_bugs(implementation: Implementation, observations: Sequence[Observation]) -> tuple[Name, ...]:
    """Errors of the counters that the implementation shows; theta need not show them."""
    ends = tuple(dict.fromkeys(o.answer.reason for o in observations if isinstance(o.answer, Skipped) and o.answer.bug))
    for o in observations:
        if isinstance(o.answer, Ran) and o.request is not None:
            unmoved = [next((i for i, g in enumerate(column) if g is None), len(column)) for column in zip(*o.request.grads, strict=True)]
            for i, seen in enumerate(o.answer.after):
                for p, counter in enumerate(seen.counters):
                    expected = o.request.t0 + i
                    if counter is not None and i < unmoved[p] and counter != expected and expected < FLOAT32_STOPS:  # beyond, see far_counter
                        return (Reason(Why.COUNTER_STANDS, (str(counter), str(expected))), *ends)
    counted = [o.request for o in observations if isinstance(o.answer, Ran) and o.request is not None and any(_counters(o.answer))]
    return (*(far_counter(implementation, counted[0]) if counted and implementation.resumes else ()), *ends)


def _counters(ran: Ran) -> tuple[bool, ...]:
    return tuple(c is not None for c in ran.after[-1].counters)


def far_counter(implementation: Implementation, like: Request) -> tuple[Name, ...]:
    """The fault of a counter that stops at 2^24, as one that is kept in float32 does."""
    request = replace(like.some_updates(range(min(1, len(like.grads)))), t0=FLOAT32_STOPS + 1, state0=None)
    answer = implementation.run(request)
    if isinstance(answer, Ran) and any(c == FLOAT32_STOPS for c in answer.after[0].counters):
        return (Reason(Why.COUNTER_STOPS),)
    return ()
