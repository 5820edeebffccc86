"""The state that a person's own optimizer keeps for a parameter: its tensors by name, its counters, and how a given state is put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from refopt.conformance.protocol.implementation import Request
from refopt.conformance.protocol.in_process import Lacking
from refopt.conformance.protocol.reason import Reason, Why

if TYPE_CHECKING:
    from refopt.frameworks.torch.optimizers import Live


def buffers_of(state: Mapping[Any, Any], torch: Any) -> dict[str, Any]:
    """Every tensor by its name; those in a tuple, list or dict by the name of that and their place in it: `moments[0]`."""
    return dict(_tensors(state, torch))


def _tensors(state: Mapping[Any, Any], torch: Any) -> Iterator[tuple[str, Any]]:
    for name, x in state.items():
        if torch.is_tensor(x):
            yield str(name), x
        elif isinstance(x, tuple | list | dict):
            inside = x.items() if isinstance(x, dict) else enumerate(x)
            yield from ((f"{name}[{i}]", y) for i, y in inside if torch.is_tensor(y))


COUNTS = ("step", "t", "k", "count", "counter", "n", "num_steps", "steps", "iteration", "iter", "it", "n_steps", "step_count", "num_updates")
"""Names of what counts updates."""


def counters_of(state: Mapping[Any, Any]) -> list[str]:
    """The counter of the updates of a parameter, by its name: a number, or a tensor of one element."""
    return [str(n) for n, x in state.items() if str(n) in COUNTS and _is_one(x)]


def _is_one(x: Any) -> bool:
    return isinstance(x, int | float) or (hasattr(x, "numel") and x.numel() == 1)


def put(live: Live, request: Request) -> None:
    """Make the state by one update on gradients of 0, then put the given one, and the count, in its place.

    Raises Lacking where something of its state is not given, or it has no such buffer.
    """
    torch, optimizer = live.torch, live.optimizer
    before = _numbers(optimizer)
    for p in live.params:
        p.grad = torch.zeros_like(p)
    optimizer.step(*live.closure)
    done = request.t0 - 1
    with torch.no_grad():
        for p, theta in zip(live.params, request.theta0, strict=True):
            p.copy_(live.tensor(theta))
            p.grad = None
        for p, given in zip(live.params, request.state0 or tuple({} for _ in live.params), strict=True):
            state = optimizer.state[p]
            found, counters = buffers_of(state, torch), counters_of(state)
            if found.keys() - set(counters) and not given:  # it has had no gradient yet, and keeps nothing for it
                del optimizer.state[p]
                continue
            if unknown := [n for n in found if n not in given and n not in counters]:
                raise Lacking(Reason(Why.STATE_NOT_KNOWN, tuple(unknown)))
            if lacking := [n for n in given if n not in found]:
                raise Lacking(Reason(Why.SHOWS_NO, tuple(lacking)))
            for name, x in given.items():
                value = live.tensor(x).to(found[name].dtype)
                if value.shape != found[name].shape:
                    raise Lacking(Reason(Why.ANOTHER_SHAPE, (name,)))
                found[name].copy_(value)
            for name in counters:
                if torch.is_tensor(state[name]):
                    state[name] += done - 1
                else:
                    state[name] = type(state[name])(state[name] + done - 1)
    for (place, name), (old, new) in _changed(before, _numbers(optimizer)).items():
        if new - old == 1:  # it counts updates, beside the state
            holder = optimizer.param_groups[place] if place >= 0 else vars(optimizer)
            holder[name] = type(old)(new + done - 1)


def _numbers(optimizer: Any) -> dict[tuple[int, str], Any]:
    """The numbers that it keeps in its parameter groups and on itself (place -1)."""
    holders = [(-1, vars(optimizer)), *enumerate(optimizer.param_groups)]
    return {(i, n): x for i, holder in holders for n, x in holder.items() if isinstance(x, int | float) and not isinstance(x, bool)}


def _changed(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> dict[tuple[int, str], tuple[Any, Any]]:
    """The numbers that an update changed."""
    return {key: (before.get(key, 0), x) for key, x in after.items() if x != before.get(key, 0)}
