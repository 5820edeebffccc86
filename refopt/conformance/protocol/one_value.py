"""States of one value for a whole tensor: an implementation keeps one number, a judge sees it at every element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from refopt.conformance.protocol.implementation import Answer, Array, Buffers, Ran, Request, Snapshot


def gathered(request: Request) -> Request:
    """The request with each such state given as one number, in an array without axes."""
    if request.state0 is None or not request.one_value:
        return request
    return replace(request, state0=tuple({n: _one(x) if n in request.one_value else x for n, x in given.items()} for given in request.state0))


def _one(x: Array) -> Array:
    return x.reshape(-1)[:1].reshape(()) if x.size else np.zeros((), x.dtype)


def everywhere(answer: Answer, request: Request) -> Answer:
    """The answer with each such state at every element of its tensor."""
    if not isinstance(answer, Ran) or not request.one_value:
        return answer
    return replace(answer, before=_spread(answer.before, request), after=tuple(_spread(s, request) for s in answer.after))


def _spread(seen: Snapshot, request: Request) -> Snapshot:
    def spread(theta: Array, state: Mapping[str, Array]) -> Buffers:
        return {n: np.broadcast_to(x.reshape(()), theta.shape) if n in request.one_value and x.size == 1 else x for n, x in state.items()}

    return replace(seen, state=tuple(spread(theta, state) for theta, state in zip(seen.theta, seen.state, strict=False)))
