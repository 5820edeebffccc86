"""A run of an object with `init` and `step`: everything it returns is looked at before it is believed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Array, Request, Snapshot
from refopt.conformance.protocol.in_process import Lacking, Misbehaved
from refopt.conformance.protocol.plain import encode, foreign
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved, Saved

STANDING = 4
"""The parameters that every `step` has: theta, its gradient, the state and the number of the update. Further inputs come after the gradient."""
GIVEN_FIRST = 2
"""Parameters before the first further input: theta and its gradient."""


def keywords(made: Any) -> dict[str, inspect.Parameter]:
    """The parameters of `step` after theta, gradient, state and t: the hyperparameters that it takes."""
    try:
        parameters = inspect.signature(made.step).parameters
    except (TypeError, ValueError):
        return {}
    return dict(list(parameters.items())[STANDING:])


def takes(method: Any, before: int) -> frozenset[str] | None:
    """The hyperparameters that a method takes after its first parameters; None where it takes any, or does not show what it takes."""
    try:
        parameters = list(inspect.signature(method).parameters.values())[before:]
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return frozenset(p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))


@dataclass(frozen=True)
class Declined:
    """Answer of an object that does not take a case: what `refopt.testing.skip(reason)` returns."""

    reason: str


def refuse_declined(answer: Any) -> None:
    """Raises Lacking where an object declines a case."""
    if isinstance(answer, Declined):
        raise Lacking(answer.reason)


class LiveObject:
    """An object in the middle of a run. Raises Misbehaved for what is no answer, Lacking for what it does not take."""

    def __init__(self, made: Any, request: Request, another: Callable[[], Any] | None = None) -> None:
        """`another` makes one more object, where each tensor has its own."""
        self.objects = [made if another is None or i == 0 else another() for i in range(len(request.theta0))]
        self.made, self.hyper, self.names = made, dict(request.hyper), request.state_names
        self.one_value, self.rate_name = request.one_value, request.rate_name
        self.inputs: Mapping[str, tuple[Array | None, ...]] = {}
        self.by_place = _by_place(made, request.inputs)
        self._refuse_what_step_does_not_take(request)
        self.theta = [x.copy() for x in request.theta0]
        self.state = [self._started(one, x) for one, x in zip(self.objects, request.theta0, strict=True)]
        for state, given in zip(self.state, request.state0 or (), strict=False):
            if lacking := [k for k in given if k not in state]:
                raise Lacking(Reason(Why.SHOWS_NO, tuple(lacking)))
            state.update({k: _in_its_format(x, state[k]) for k, x in given.items()})
        self.propose = getattr(made, "propose", None)
        if another is not None and self.propose is not None:
            raise Lacking(Reason(Why.PROPOSES_FOR_ALL))
        self.points = self._proposed(request.t0, self.hyper if request.lr is None else {**self.hyper, self.rate_name: request.lr[0]})
        if request.load is not None:
            self.state = [{name: as_array(x) for name, x in part.items()} for part in request.load.value()]

    def _refuse_what_step_does_not_take(self, request: Request) -> None:
        sent = dict.fromkeys([*self.hyper, *([self.rate_name] if request.lr is not None else [])])
        taken = takes(self.made.step, STANDING + len(self.by_place))
        if taken is not None:
            if lacking := [h for h in (*sent, *request.inputs) if h not in taken and h not in self.by_place]:
                raise Lacking(Reason(Why.STEP_TAKES_NO, tuple(lacking)))
            rest = dict(list(keywords(self.made).items())[len(self.by_place) :])
            if unsent := [n for n, p in rest.items() if n in taken and p.default is p.empty and n not in sent and n not in request.inputs]:
                raise Lacking(Reason(Why.STEP_HAS_NO_DEFAULT_FOR, tuple(unsent)))

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Take these into the next update."""
        self.inputs = inputs

    def _started(self, made: Any, theta: Array) -> dict[str, Any]:
        taken = takes(made.init, 1)
        state = made.init(theta.copy(), **{n: x for n, x in self.hyper.items() if taken is not None and n in taken})
        refuse_declined(state)
        if state is None:
            state = {}  # what it keeps, it keeps on itself
        if not isinstance(state, dict):
            raise Misbehaved(f"init() returned a {type(state).__name__}, not a dict")
        state = {name: as_array(x) for name, x in state.items()}
        for name in self.names:
            if name in self.one_value and name in state:
                state[name] = np.asarray(state[name])
            shapes = (theta.shape, ()) if name in self.one_value else (theta.shape,)
            if name in state and (not isinstance(state[name], np.ndarray) or state[name].shape not in shapes):
                raise Misbehaved(f"init() returned {_described(state[name])} as state {name!r}, not an array like theta")
        return state

    def change(self, values: Mapping[str, float]) -> None:
        """Send these values to `step` from now on. Raises Lacking where it says where it takes its gradients: that is asked an update before."""
        if callable(self.propose):
            raise Lacking(Reason(Why.HELD_IN_A_RUN, tuple(values)))
        self.hyper |= values

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """Update number `t` of every parameter that has a gradient."""
        hyper = self.hyper if lr is None else {**self.hyper, self.rate_name: lr}
        for i, g in enumerate(grads):
            if g is not None:
                further = {n: x.copy() for n, row in self.inputs.items() if (x := row[i]) is not None}
                self.theta[i], self.state[i] = self._stepped(self.objects[i], self.theta[i], g.copy(), self.state[i], t, hyper, further)
        self.points = self._proposed(t + 1, hyper)

    def _proposed(self, t: int, hyper: Mapping[str, float]) -> list[Array] | None:
        """Points at which it asks for its next gradients; None where it does not ask."""
        if not callable(self.propose):
            return None
        taken = takes(self.propose, STANDING - 1)
        sent = {n: x for n, x in hyper.items() if taken is None or n in taken}
        points = [as_array(self.propose(theta.copy(), dict(state), t, **sent)) for theta, state in zip(self.theta, self.state, strict=True)]
        for point, theta in zip(points, self.theta, strict=True):
            _check("the point of propose()", point, theta)
        return points

    def _stepped(
        self, made: Any, theta: Array, g: Array, state: dict[str, Any], t: int, hyper: Mapping[str, float], inputs: Mapping[str, Array]
    ) -> tuple[Array, dict[str, Any]]:
        given = theta.copy()  # what it changes in place is its own: the judge keeps what was before
        by_name = {n: x for n, x in inputs.items() if n not in self.by_place}
        result = made.step(given, g, *(inputs[n] for n in self.by_place), state, t, **by_name, **hyper)
        refuse_declined(result)
        if result is None:
            result = (given, state)
        elif isinstance(result, np.ndarray):
            result = (result, state)
        if not isinstance(result, tuple) or len(result) != 2:
            raise Misbehaved(f"step() returned {_described(result)}, not (theta, state)")
        new, kept = result
        new = as_array(new)
        _check("theta", new, theta)
        if not isinstance(kept, dict):
            raise Misbehaved(f"step() returned a {type(kept).__name__} as the state, not a dict")
        kept = {name: np.asarray(x) if name in self.one_value else as_array(x) for name, x in kept.items()}
        for name in self.names:
            if name in state:
                _check(f"state {name!r}", kept.get(name), state[name])
        return new, kept

    def snapshot(self) -> Snapshot:
        """Copies of theta and of every array in the state. Of an object that asks for its gradients, the points at which it asks for them."""
        if self.points is not None:
            return Snapshot(tuple(x.copy() for x in self.points), tuple({} for _ in self.state))
        arrays = [{k: x.copy() for k, x in s.items() if isinstance(x, np.ndarray)} for s in self.state]
        return Snapshot(tuple(x.copy() for x in self.theta), tuple(arrays))

    def save(self) -> Saved | NotSaved:
        """The whole dict of every parameter, where it is for loading: empty ones and ones of private things are not."""
        private = sorted({n for s in self.state for n in s if n not in self.names}, key=str)
        if self.names and not any(n in s for s in self.state for n in self.names):
            return NotSaved(Reason(Why.PRIVATE_ONLY, tuple(map(str, private))) if private else Reason(Why.EMPTY))
        if (lacking := next(foreign(self.state), None)) is not None:
            return NotSaved(Reason(Why.HOLDS, (lacking,)))
        return Saved(encode(self.state), tuple(tuple(s) for s in self.state))


def _in_its_format(given: Array, own: Any) -> Array:
    """A given state variable in the format of its own start."""
    return given.astype(own.dtype) if isinstance(own, np.ndarray) else given.copy()


def _described(x: Any) -> str:
    return "None" if x is None else f"a tuple of {len(x)}" if isinstance(x, tuple) else f"a {type(x).__name__}"


def as_array(x: Any) -> Any:
    """NumPy's arithmetic on arrays without axes gives NumPy scalars: they count as arrays."""
    return np.asarray(x) if isinstance(x, np.generic) else x


def _by_place(made: Any, inputs: Iterable[str]) -> list[str]:
    """The further inputs that `step` takes by place, right after the gradient; others are given by name."""
    wanted = list(inputs)
    try:
        names = list(inspect.signature(made.step).parameters)[GIVEN_FIRST:]
    except (TypeError, ValueError):
        return wanted
    return wanted if names[: len(wanted)] == wanted else []


def _check(name: str, new: Any, old: Array) -> None:
    if not isinstance(new, np.ndarray):
        raise Misbehaved(f"step() returned {_described(new)} as {name}, not an array")
    if new.shape != old.shape:
        raise Misbehaved(f"step() returned {name} of shape {new.shape}, not {old.shape}")
    if new.dtype != old.dtype:
        raise Misbehaved(f"step() returned {name} as {new.dtype}, not {old.dtype}")
