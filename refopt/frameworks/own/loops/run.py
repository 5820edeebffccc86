"""A whole loop, run over the gradients of each tensor: the points at which it asks for the next one are its theta after each update."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refopt.conformance.protocol.implementation import Array, Request, Snapshot
from refopt.conformance.protocol.in_process import Lacking, Misbehaved
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.argument_names import PAIR, Place, arguments_for, pair_of
from refopt.frameworks.own.calling.holding import in_format
from refopt.frameworks.own.calling.libraries import given, scope, taken_back
from refopt.frameworks.own.loops.plan import Loop, Part


class _Enough(BaseException):
    """It has asked for one gradient more than there are."""


class LiveLoop:
    """A whole loop that has run: what it did in each update is told one by one."""

    def __init__(self, loop: Loop, request: Request) -> None:
        if request.t0 > 1 or request.state0 is not None or request.load is not None:
            raise Lacking(Reason(Why.LOOP_BEGINS_ITSELF))
        self.loop, self.format, self.hyper = loop, request.format, dict(request.hyper)
        if lacking := [n for n in self.hyper if n not in loop.takes]:
            raise Lacking(Reason(Why.TAKES_NO, tuple(lacking)))
        if request.lr is not None:
            if len(set(request.lr)) > 1:
                raise Lacking(Reason(Why.ONE_RATE_FOR_THE_LOOP))
            if request.rate_name not in loop.takes:
                raise Lacking(Reason(Why.RATE_HAS_NO_ARGUMENT))
            self.hyper[request.rate_name] = request.lr[0]
        self.theta = [x.copy() for x in request.theta0]
        with scope(loop.library, self.format):
            self.points = [self._run(self._laid(x), [self._laid(g) for row in request.grads if (g := row[i]) is not None]) for i, x in enumerate(self.theta)]

    def _laid(self, x: Array) -> Array:
        return x.reshape(-1) if self.loop.flat else x

    def _run(self, theta: Array, grads: list[Array]) -> list[Array | BaseException]:
        """The points after each update of one tensor, or what was raised instead of one."""
        points: list[Array | BaseException] = []
        if not grads:
            return points
        asked = 0

        def gradient(x: Any, *_: Any, **__: Any) -> Any:
            nonlocal asked
            if asked > 0:
                points.append(self._taken(x, theta))
            if asked == len(grads):
                raise _Enough
            asked += 1
            return given(self.loop.library, grads[asked - 1], self.format)

        try:
            returned = self._call(theta, gradient, len(grads) + 1)
        except _Enough:
            return points
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return [*points, error] if len(points) < len(grads) else points
        last = [*(returned if isinstance(returned, tuple) else ()), returned]
        if asked == len(grads) and len(points) < asked:
            found = next((x for y in last if (x := taken_back(y, self.format)) is not None and x.shape == theta.shape), None)
            points.append(Misbehaved("it returns nothing of the shape of its first point") if found is None else found)
        return points if len(points) == len(grads) else [*points, Lacking(Reason(Why.LOOP_ENDED, (str(asked), str(len(grads)))))]

    def _taken(self, x: Any, theta: Array) -> Array:
        found = taken_back(x, self.format)
        if found is None or found.shape != theta.shape:
            raise Misbehaved(f"it asks for the gradient at {type(x).__name__} {getattr(x, 'shape', '')}, not at an array like its first point")
        return in_format([found], self.format)[0]

    def _call(self, theta: Array, gradient: Any, updates: int) -> Any:
        loop = self.loop
        made: Any = None
        if loop.make is not None:
            made = loop.make(**{**loop.fixed, **self._sent(loop.made_places, loop.fixed)})
        function: Any = loop.function if not isinstance(loop.function, str) else getattr(made, loop.function)
        values: dict[str, Any] = {**(loop.fixed if loop.make is None else {}), **self._sent(loop.places, loop.fixed)}
        for part, name in loop.parts.items():
            if part is Part.GRADIENT:
                values[name] = gradient
            elif part is Part.VALUE_AND_GRADIENT:
                values[name] = lambda x, *_, **__: (0.0, gradient(x))
            elif part is Part.VALUE:
                values[name] = lambda *_, **__: 0.0
            elif part is Part.START:
                values[name] = given(loop.library, theta, self.format)
            elif part is Part.COUNT:
                values[name] = updates
            elif part is Part.TOLERANCE:
                values[name] = 0.0
        return function(**values)

    def _sent(self, places: Mapping[str, Place], fixed: Mapping[str, Any]) -> dict[str, object]:
        return arguments_for(places, {n: x for n, x in self.hyper.items() if n in places}, fixed.get(PAIR, pair_of(self.loop.settings)))

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """Tell the next update of every tensor that has a gradient."""
        for i, g in enumerate(grads):
            if g is None:
                continue
            point = self.points[i].pop(0)
            if isinstance(point, BaseException):
                raise point
            self.theta[i] = point.reshape(self.theta[i].shape)

    def snapshot(self) -> Snapshot:
        """The points; of the state nothing is seen."""
        return Snapshot(tuple(x.copy() for x in self.theta), tuple({} for _ in self.theta))
