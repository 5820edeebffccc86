"""A run of a function that is called as a plan says: parameters, state and objects between the calls."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from refopt.conformance.protocol.implementation import Array, Request, Snapshot
from refopt.conformance.protocol.in_process import Lacking, Misbehaved
from refopt.conformance.protocol.live_object import refuse_declined
from refopt.conformance.protocol.plain import encode, foreign
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved, Saved
from refopt.frameworks.argument_names import PAIR, RATE, arguments_for, plain
from refopt.frameworks.own.calling.holding import Holding, arrays_in, held, in_format, members
from refopt.frameworks.own.calling.libraries import Library, put_into, scope, taken_back
from refopt.frameworks.own.calling.plan import Begin, Callee, Plan, Results, Where
from refopt.frameworks.own.calling.roles import Role, Signature
from refopt.frameworks.own.calling.shared_libraries import of_formats
from refopt.rounding.formats import Format

LARGEST = 1000
"""The most elements that a function of single numbers is asked for in a run."""


class Part:
    """The tensors that one call updates, with the state and the object that belong to them."""

    def __init__(self, plan: Plan, thetas: Sequence[Array], hyper: Mapping[str, float], f: Format, made: Any = None) -> None:
        self.plan, self.callee, self.format = plan, plan.callee, f
        missing = -len(thetas) % plan.holding.width(plan.callee.layers)
        self.thetas = [*thetas, *(np.zeros(1, f.dtype) for _ in range(missing))]
        self.count = len(thetas)
        self.leaf = plan.library is Library.TORCH and self.callee.holds_gradients
        self.container = held(plan.holding, plan.library, self.thetas, f, leaf=self.leaf, layers=plan.callee.layers)
        self.made = self.object(hyper) if made is None else made
        self.state = self.begun(hyper)
        self.rate = hyper.get("lr")

    def object(self, hyper: Mapping[str, float]) -> Any:
        """A new object of its class; None for a function."""
        if self.callee.make is None:
            return None
        signature = self.callee.made
        values: dict[str, Any] = dict(self.callee.fixed)
        if signature is not None:
            own = {n: x for n, x in hyper.items() if n in signature.places}
            values |= arguments_for(signature.places, own, values.get(PAIR, signature.defaults.get(PAIR, (0.9, 0.999))))
            values |= dict.fromkeys(signature.named(Role.THETA), self.container)
        made = self.callee.make(**values)
        for name, attribute in self.callee.settable.items():
            if name in hyper:
                for held_too in self.as_much(made, attribute, name):
                    setattr(made, held_too, hyper[name])
        return made

    def as_much(self, made: Any, attribute: str, name: str) -> list[str]:
        """The attribute, and those beside it that hold the same rate: learning_rate and current_learning_rate."""
        beside = [a for a in _rates_in(made, self.callee) if a != attribute and getattr(made, a) == getattr(made, attribute)] if name == "lr" else []
        return [attribute, *beside]

    def begun(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The first state."""
        plan = self.plan
        found: dict[str, Any] = {}
        by_init = [n for n, b in plan.begins.items() if b is Begin.INIT]
        if by_init:
            assert self.callee.begin is not None
            made = self.initial(self.callee.begin[1], hyper)
            if len(by_init) > 1 and not (isinstance(made, tuple) and len(made) >= len(by_init)):
                raise Misbehaved(f"{self.callee.begin[0]}() does not return {len(by_init)} values")
            found.update(zip(by_init, made if len(by_init) > 1 else [made], strict=False))
        for name, begin in plan.begins.items():
            if begin is Begin.ZEROS:
                found[name] = held(plan.holding, plan.library, [np.zeros_like(x) for x in self.thetas], self.format)
            elif begin in (Begin.EMPTY, Begin.NONE, Begin.ZERO):
                keyed = {key: hyper[n] for n, key in self.callee.keyed.items() if n in hyper}
                found[name] = keyed if begin is Begin.EMPTY else None if begin is Begin.NONE else 0.0
            elif begin is Begin.FIRST:
                found[name] = plan.first
        return found

    def initial(self, begin: Callable[..., Any], hyper: Mapping[str, float]) -> Any:
        """The state that its own init function makes of the parameters."""
        if self.made is not None and isinstance(self.callee.begin, tuple) and hasattr(self.made, self.callee.begin[0]):
            begin = getattr(self.made, self.callee.begin[0])
        theta = held(self.plan.holding, self.plan.library, self.thetas, self.format)
        return begin(theta) if inspect.signature(begin).parameters else begin()

    def call(
        self, t: int, grads: Sequence[Array], hyper: Mapping[str, float], rate: tuple[str, float] | None, further: Mapping[str, Sequence[Array]] | None = None
    ) -> Any:
        """One call with these gradients, and what is given beside them; returns what it returns."""
        callee, plan = self.callee, self.plan
        function = callee.function if not isinstance(callee.function, str) else getattr(self.made, callee.function)
        grads = [*grads, *(np.zeros(1, self.format.dtype) for _ in range(len(self.thetas) - len(grads)))]
        gradients = held(plan.holding, plan.library, grads, self.format, gradients=True)
        if callee.holds_gradients:
            self.attach(gradients)
        signature = callee.called
        own = {n: x for n, x in hyper.items() if n in signature.places}
        if rate is not None and rate[0] in signature.places:
            own[rate[0]] = rate[1]
        elif rate is not None:
            self.set_rate(*rate)
        fixed = callee.fixed if callee.make is None else {}
        values: dict[str, Any] = {**fixed, **arguments_for(signature.places, own, fixed.get(PAIR, signature.defaults.get(PAIR, (0.9, 0.999))))}
        for argument in signature.arguments:
            if argument.role is Role.THETA:
                values[argument.name] = self.container
            elif argument.role is Role.GRADIENT:
                values[argument.name] = gradients
            elif argument.role is Role.GIVEN and (beside := (further or {}).get(signature.given[argument.name])) is not None:
                values[argument.name] = held(plan.holding, plan.library, beside, self.format, gradients=True)
            elif argument.role is Role.PAIRS:
                values[argument.name] = list(zip(gradients, self.container, strict=True))
            elif argument.name in self.state:
                values[argument.name] = self.state[argument.name]
            elif argument.role is Role.COUNT and plan.begins.get(argument.name) is not Begin.ABSENT:
                values[argument.name] = t - 1 + plan.first
            elif argument.required and argument.name not in values:
                raise Lacking(Reason(Why.NO_DEFAULT_FOR, (argument.name,)))
        for name in callee.before:
            getattr(self.made, name)()
        returned = self.of_layers(function, values) if callee.layers is not None else _called(function, signature, values)
        for name in callee.after:
            getattr(self.made, name)()
        return returned

    def of_layers(self, function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
        """The calls for layers: one for each, or one for all."""
        callee = self.callee
        assert callee.layers is not None
        if callee.own_theta is not None:
            return _called(function, callee.called, values)
        (name,) = callee.called.named(Role.THETA)
        for given in callee.layers.handed(self.container):
            returned = _called(function, callee.called, {**values, name: given})
        return returned

    def attach(self, gradients: Any) -> None:
        """Put gradients where the parameters hold theirs."""
        if self.callee.layers is not None:
            width = len(self.callee.layers.pairs)
            for i, layer in enumerate(self.container):
                layer.put(gradients[i * width : (i + 1) * width])
            return
        alone = self.plan.holding is Holding.ONE
        holders, values = ([x] if alone else list(x.values()) if isinstance(x, dict) else x for x in (self.container, gradients))
        for holder, gradient in zip(holders, values, strict=True):
            holder.grad = getattr(gradient, "data", gradient) if self.plan.holding is Holding.OBJECTS else gradient

    def set_rate(self, name: str, rate: float) -> None:
        """Change the rate of the object, or in the state. Raises Lacking where there is none that could be changed."""
        if name in self.callee.keyed:
            for state in self.state.values():
                if isinstance(state, dict):
                    state[self.callee.keyed[name]] = rate
            return
        wanted = _rates_in(self.made, self.callee)
        held = [a for a in wanted if getattr(self.made, a) == self.rate] if self.rate is not None else wanted
        if self.made is None or not held or not self.plan.steers:
            raise Lacking(Reason(Why.RATE_CANNOT_BE_SET))
        for attribute in held:
            setattr(self.made, attribute, rate)
        self.rate = rate

    def take(self, returned: Any, results: Results) -> None:
        """Take over what came back from a call. Raises Lacking where it declines the case."""
        refuse_declined(returned)
        values = returned if isinstance(returned, tuple) else (returned,)
        for name, place in results.states.items():
            if place is not None:
                if place >= len(values):
                    raise Misbehaved(f"it returned {len(values)} values where it returned more before")
                self.state[name] = values[place]
        container = self.container
        if results.where is not Where.IN_PLACE:
            place = results.place
            if place is not None and place >= len(values):
                raise Misbehaved(f"it returned {len(values)} values where it returned more before")
            container = returned if place is None else values[place]
        elif self.callee.own_theta is not None and hasattr(self.made, self.callee.own_theta):
            container = getattr(self.made, self.callee.own_theta)
        arrays = arrays_in(self.plan.holding, container, self.thetas, self.format)
        if arrays is None:
            raise Misbehaved(f"what it {results.where.value} is not of the shapes of theta")
        arrays = in_format(arrays, self.format)
        if results.where in (Where.ADDED, Where.SUBTRACTED):
            added = results.where is Where.ADDED
            arrays = [np.asarray(x + y if added else x - y) for x, y in zip(self.thetas, arrays, strict=True)]
            self.replace(arrays)
        elif results.where is Where.RETURNED:
            self.replace(arrays)
        self.thetas = arrays

    def replace(self, arrays: Sequence[Array]) -> None:
        """Put values in the place of the parameters."""
        if self.callee.own_theta is not None or self.plan.holding is Holding.OBJECTS:
            for x, y in zip(members(self.plan.holding, self.container, self.thetas) or [], arrays, strict=True):
                put_into(self.plan.library, x, y, self.format)
        else:
            self.container = held(self.plan.holding, self.plan.library, arrays, self.format, leaf=self.leaf, layers=self.callee.layers)


def _rates_in(made: Any, callee: Callee) -> list[str]:
    """The attributes of an object that are numbers and bear a name of a rate, without one that is another hyperparameter: alpha, where it is an exponent."""
    places = callee.made.places if callee.made is not None else {}
    others = {plain(held) for n, held in {**callee.settable, **{n: p.argument for n, p in places.items()}}.items() if n != "lr"}
    return [a for a, x in vars(made).items() if plain(a) in RATE and plain(a) not in others and _is_number(x)] if hasattr(made, "__dict__") else []


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)


def _called(function: Callable[..., Any], signature: Signature, values: Mapping[str, Any]) -> Any:
    """The call, by place as far as there is no gap, by keyword from there on."""
    places: list[Any] = []
    words: dict[str, Any] = {}
    gap = False
    for argument in signature.arguments:
        if argument.name not in values:
            gap = True
        elif gap or argument.by_keyword:
            words[argument.name] = values[argument.name]
        else:
            places.append(values[argument.name])
    return function(*places, **words)


class LiveCalls:
    """A function in the middle of a run: a call for each tensor, or one for all."""

    def __init__(self, plan: Plan, request: Request, *, per_tensor: bool = False) -> None:
        self.plan, self.format, self.hyper = plan, request.format, dict(request.hyper)
        self.further: Mapping[str, tuple[Array | None, ...]] = {}
        self.rate_name, self.shown = request.rate_name, [x.copy() for x in request.theta0]
        if (formats := plan.callee.formats) and request.format.name not in formats:
            raise Lacking(of_formats(formats))
        taken = plan.callee.takes
        if lacking := [n for n in self.hyper if n not in taken]:
            raise Lacking(Reason(Why.TAKES_NO, tuple(lacking)))
        absent = [i for i in range(len(request.theta0)) if all(row[i] is None for row in request.grads) and request.grads]
        if plan.holding.together and any(row[i] is None for row in request.grads for i in range(len(row)) if i not in absent):
            raise Lacking(Reason(Why.NEEDS_EVERY_GRADIENT))
        present = [i for i in range(len(request.theta0)) if i not in absent]
        self.groups = [present] if plan.holding.together else [[i] for i in present]
        if request.lr is not None and self.rate_name in taken:
            self.hyper.setdefault(self.rate_name, request.lr[0])
        self.numbers = plan.holding is Holding.NUMBER
        if plan.library is Library.PYTHON and sum(x.size for x in request.theta0) > LARGEST:
            raise Lacking(Reason(Why.NUMBER_BY_NUMBER, (str(LARGEST),)))
        with scope(plan.library, self.format):
            shared: Any = None
            self.parts: list[list[Part]] = []
            for group in self.groups:
                pieces = _pieces([request.theta0[i] for i in group], self.numbers)
                made = []
                for piece in pieces:
                    part = Part(plan, piece, self.hyper, self.format, shared if not (per_tensor or plan.callee.made_of_theta) else None)
                    shared = part.made
                    made.append(part)
                self.parts.append(made)
            if request.load is not None:
                self.restore(request.load)

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Hand these to the next call. Raises Lacking for what it has no argument for."""
        if unknown := tuple(n for n in inputs if n not in self.plan.callee.called.given.values()):
            raise Lacking(Reason(Why.TAKES_NO, unknown))
        self.further = inputs

    def change(self, values: Mapping[str, float]) -> None:
        """Send these values with each call from now on. Raises Lacking for what a call does not take."""
        if held := tuple(n for n in values if n not in self.plan.callee.called.places):
            raise Lacking(Reason(Why.HELD_IN_A_RUN, held))
        self.hyper |= values

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One update of every parameter that has a gradient."""
        results = self.plan.results
        assert results is not None
        rate = None if lr is None else (self.rate_name, lr)
        with scope(self.plan.library, self.format):
            for group, parts in zip(self.groups, self.parts, strict=True):
                given = [grads[i] for i in group]
                if any(g is None for g in given):
                    continue
                beside = {n: _pieces([x for i in group if (x := row[i]) is not None], self.numbers) for n, row in self.further.items()}
                for k, (part, piece) in enumerate(zip(parts, _pieces([g for g in given if g is not None], self.numbers), strict=True)):
                    part.take(part.call(t, piece, self.hyper, rate, {n: pieces[k] for n, pieces in beside.items()}), results)

    def snapshot(self) -> Snapshot:
        """Copies of the parameters; of the state nothing is believed."""
        for group, parts in zip(self.groups, self.parts, strict=True):
            if self.numbers:
                (i,) = group
                values = [part.thetas[0] for part in parts]
                self.shown[i] = np.array(values, dtype=self.format.dtype).reshape(self.shown[i].shape)
            else:
                for i, x in zip(group, parts[0].thetas, strict=False):
                    self.shown[i] = x.copy()
        return Snapshot(tuple(x.copy() for x in self.shown), tuple({} for _ in self.shown))

    def save(self) -> Saved | NotSaved:
        """The state that it takes and gives back; one that is kept elsewhere cannot be saved."""
        if self.plan.callee.make is not None or not self.plan.begins:
            return NotSaved(Reason(Why.NO_SAVE))
        states = [[_plain(part.state, self.format) for part in parts] for parts in self.parts]
        if (lacking := next(foreign(states), None)) is not None:
            return NotSaved(Reason(Why.HOLDS, (lacking,)))
        return Saved(encode(states))

    def restore(self, saved: Saved) -> None:
        """Go on from a saved state."""
        for parts, states in zip(self.parts, saved.value(), strict=True):
            for part, state in zip(parts, states, strict=True):
                part.state = _filled(part.state, state, self.plan.library, self.format)


def _pieces(values: Sequence[Array], numbers: bool) -> list[list[Array]]:
    """The arrays that each call takes: all of them in one, or one number a call."""
    return [[np.asarray(x)] for v in values for x in v.reshape(-1)] if numbers else [list(values)]


def _plain(value: Any, f: Format) -> Any:
    if isinstance(value, dict):
        return {n: _plain(x, f) for n, x in value.items()}
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(_plain(x, f) for x in value)
    if type(value).__module__.partition(".")[0] in ("torch", "jax", "jaxlib"):
        array = taken_back(value, f)
        return value if array is None else array
    return value


def _filled(own: Any, saved: Any, library: Library, f: Format) -> Any:
    """A saved state with arrays of the function's library."""
    if isinstance(saved, dict):
        return {n: _filled(own, x, library, f) for n, x in saved.items()}
    if isinstance(saved, list | tuple):
        return type(saved)(_filled(own, x, library, f) for x in saved)
    if isinstance(saved, np.ndarray) and library in (Library.TORCH, Library.JAX):
        return _as(library, saved)
    return saved


def _as(library: Library, x: Array) -> Any:
    if library is Library.JAX:
        import jax.numpy as jnp

        return jnp.asarray(x)
    import torch

    return torch.from_numpy(x.copy())


