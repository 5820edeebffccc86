"""optax' optimizers, those of optax.contrib among them, with their own keyword arguments, and its schedules.

A rate that changes in mid-run is given as a schedule, as people do. The operations are optax's own, one after another;
only runs that are long, or of many, large or different tensors are compiled as a whole, as people's are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, get_args, get_origin

import numpy as np

from refopt.conformance.protocol.implementation import Array, Known, Request, Snapshot
from refopt.conformance.protocol.in_process import Lacking, refuse_past_int32
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import Saved
from refopt.conformance.protocol.spelling import parse
from refopt.frameworks.configured import Configured, Optimized, Vocabulary
from refopt.frameworks.function_composition import FunctionComposition
from refopt.frameworks.function_schedule import FunctionSchedule
from refopt.frameworks.jax_mode import jax_mode
from refopt.frameworks.jax_state import flattened, unflattened
from refopt.frameworks.jax_whole import as_a_whole
from refopt.frameworks.optax import further_inputs
from refopt.frameworks.optax import schedules as optax_schedules
from refopt.frameworks.optax.names import CONSTANTS, FIRST, KINDS, KNOWN, VIEWS, judged_by
from refopt.frameworks.optax.not_judged import NOT_JUDGED


def known() -> list[Known]:
    """The configurations of a survey."""
    return [*VOCABULARY.listed(), *optax_schedules.known()]


def load(text: str, rule: str | None = None) -> Configured | FunctionSchedule | FunctionComposition:
    """The optimizer or schedule spelled `text`."""
    if parse(text, nested=True).path.rpartition(".")[2] in optax_schedules.FUNCTIONS or text.startswith(f"{optax_schedules.JOIN}("):
        return optax_schedules.load(text, rule)
    return VOCABULARY.load(text, rule)


KEPT = 16
"""Optimizers of which the compiled functions are kept for the next run."""


class _Live:
    def __init__(self, of: Configured, request: Request) -> None:
        self.format, self.optimized = request.format, Optimized(request, "optax")
        self.theta: list[Array] = [x.copy() for x in request.theta0]
        with jax_mode(self.format):
            import jax

            keywords = {**further_inputs.KEY.get(of.kind, {}), **of.keywords(request.hyper)}
            self.takes, self.further = further_inputs.INPUTS.get(of.kind, ()), dict[str, list[Any]]()
            if request.lr is not None:
                keywords["learning_rate"] = _schedule(request.lr, request.t0 - 1)
            if inspect.signature(of.factory).parameters["learning_rate"].default is inspect.Parameter.empty:
                keywords = {"learning_rate": _default_rate(request.rule), **keywords}
            self.names = {n: of.argument_names[n] for n in request.courses}
            factory = _injected(of.factory, keywords, self.names.values()) if self.names else of.factory
            init, self.update = _whole(factory, keywords) if as_a_whole(request) and not self.names else _functions(factory, keywords)
            self.params = [jax.device_put(x) for x in self.optimized.of(request.theta0)]
            given = self.optimized.of(request.state0 or tuple({} for _ in self.theta))
            self.state = self._started(of, init, scheduled=request.lr is not None)
            self.one_value, self.counted = request.one_value, _first_count(self.state)
            if any(_counts(x) for part in _parts(self.state) for x in part):
                refuse_past_int32(request)
            self.state = _loaded(self.state, given, request.t0 - 1) if request.load is None else unflattened(self.state, request.load)

    def _started(self, of: Configured, init: Callable[[Any], Any], *, scheduled: bool) -> Any:
        """Its first state. A schedule is no rate to a function that is documented to take a number, and fails with one."""
        try:
            return init(self.params)
        except TypeError:
            if scheduled and not _documents_schedules(of.factory):
                raise Lacking(Reason(Why.RATE_IS_A_NUMBER)) from None
            raise

    def save(self) -> Saved:
        """The leaves of its state."""
        return flattened(self.state)

    def change(self, values: Mapping[str, float]) -> None:
        """Put values into the state, where optax.inject_hyperparams keeps them."""
        import jax.numpy as jnp

        with jax_mode(self.format):
            kept = self.state.hyperparams
            changed = {self.names[n]: jnp.asarray(x, kept[self.names[n]].dtype) for n, x in values.items()}
            self.state = self.state._replace(hyperparams={**kept, **changed})

    def give(self, inputs: Mapping[str, tuple[Array | None, ...]]) -> None:
        """Take these into the next update. Raises Lacking for what it does not take."""
        import jax

        if unknown := [n for n in inputs if n not in self.takes]:
            raise Lacking(Reason(Why.TAKES_NO, tuple(unknown)))
        with jax_mode(self.format):
            self.further = {n: [jax.device_put(x) for x in self.optimized.of(row)] for n, row in inputs.items()}

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One update, applied; its rate is in the schedule."""
        import jax

        with jax_mode(self.format):
            self.params, self.state = self.update([jax.device_put(g) for g in self.optimized.of(grads)], self.state, self.params, self.further)

    def snapshot(self) -> Snapshot:
        """Copies of the parameters, the state's trees and its counter."""
        fields = {n: x for part in _parts(self.state) for n, x in part._asdict().items()}
        trees = {n: x for n, x in fields.items() if isinstance(x, list)}
        numbers = {n: np.array(fields[n]) for n in self.one_value if n in fields}
        seen = [{n: np.array(x[i]) for n, x in trees.items()} | numbers for i in range(len(self.params))]
        theta = self.optimized.put([np.array(x) for x in self.params], [x.copy() for x in self.theta])
        count = _first_count(self.state)
        counts = [None if count is None or self.counted is None else count - self.counted] * len(seen)
        nothing = len(self.theta)
        return Snapshot(tuple(theta), tuple(self.optimized.put(seen, [{}] * nothing)), tuple(self.optimized.put(counts, [None] * nothing)))


Functions: TypeAlias = tuple[Callable[[Any], Any], Callable[[list[Any], Any, list[Any], dict[str, list[Any]]], tuple[list[Any], Any]]]
"""The start of an optimizer's state, and an update of state and parameters."""
_COMPILED: dict[str, Functions] = {}


def _functions(factory: Any, keywords: Mapping[str, Any]) -> Functions:
    """Functions of an optimizer with these arguments."""
    from optax import apply_updates

    optimizer = factory(**keywords)

    def updated(grads: list[Any], state: Any, params: list[Any], further: dict[str, list[Any]]) -> tuple[list[Any], Any]:
        with further_inputs.given(further):
            updates, state = optimizer.update(grads, state, params)
        return apply_updates(params, updates), state

    return optimizer.init, updated


def _injected(factory: Any, keywords: Mapping[str, Any], names: Iterable[str]) -> Any:
    """The factory with these arguments in the state; the others stay as they are."""
    import optax

    functions = [n for n, p in inspect.signature(factory).parameters.items() if callable(p.default)]  # they would be taken for schedules
    return optax.inject_hyperparams(factory, static_args=tuple(n for n in (*keywords, *functions) if n not in set(names)))


def _name(factory: Any) -> str:
    """A factory's own name; of one that is another with arguments put in, as it writes itself."""
    return f"{factory.__module__}.{factory.__qualname__}" if hasattr(factory, "__qualname__") else repr(factory)


def _whole(factory: Any, keywords: Mapping[str, Any]) -> Functions:
    """The same, compiled as a whole. They hold no state, so that a run that is repeated is not compiled anew, unless a schedule of its own is in them."""
    import jax

    key = None if any(map(callable, keywords.values())) else f"{_name(factory)} {sorted(keywords.items())}"
    if key is not None and key in _COMPILED:
        return _COMPILED[key]
    init, updated = _functions(factory, keywords)
    made = jax.jit(init), jax.jit(updated)
    if key is not None:
        if len(_COMPILED) >= KEPT:
            _COMPILED.clear()
        _COMPILED[key] = made
    return made


def _schedule(given: Sequence[float], first: int) -> Callable[[Any], Any]:
    """The rates of a run as a schedule. A count that is a number is looked up by itself: in JAX that is seven programs to compile."""
    import jax
    import jax.numpy as jnp

    rates = np.asarray(jnp.asarray(given))
    last = len(rates) - 1  # schedule_free asks for the rate after the one of its update

    def rate(count: Any) -> Any:
        return jnp.asarray(rates)[jnp.minimum(count - first, last)] if isinstance(count, jax.core.Tracer) else rates[min(int(count) - first, last)]

    return rate


def _documents_schedules(factory: Any) -> bool:
    """True where the annotation of a function's rate has room for a function, or says nothing that can be read."""
    annotation = inspect.signature(factory).parameters["learning_rate"].annotation
    if annotation is inspect.Parameter.empty or isinstance(annotation, str):
        return True
    return any(get_origin(x) is Callable or x is Callable for x in (annotation, *get_args(annotation)))


def _default_rate(rule: str) -> float:
    """The rule's rate, for a function without a default of its own where a case sends none."""
    from refopt.catalogue import rule as named

    return next(float(h.value(h.default)) for h in named(rule).hyper if h.name == "lr")


def _parts(state: Any) -> list[Any]:
    """The named tuples in a state, from the outside in."""
    inner = [p for x in state for p in _parts(x)] if isinstance(state, tuple) else []
    return [state, *inner] if hasattr(state, "_fields") else inner


def _first_count(state: Any) -> int | None:
    """The first counter of updates in a state; None where it keeps none."""
    return next((int(x) for part in _parts(state) for x in part if _counts(x)), None)


def _loaded(state: Any, given: list[Any], count: int) -> Any:
    """The fresh state with buffers put in and its counters `count` updates later: schedule_free counts from 1."""
    if hasattr(state, "_fields"):
        return state._replace(**{n: _field(n, x, given, count) for n, x in state._asdict().items()})
    return tuple(_loaded(x, given, count) for x in state) if isinstance(state, tuple) else state


def _field(name: str, value: Any, given: list[Any], count: int) -> Any:
    import jax.numpy as jnp

    if isinstance(value, list):
        return [jnp.asarray(b[name], x.dtype) if name in b else x for b, x in zip(given, value, strict=True)]
    if name in FIRST:
        return jnp.asarray(count == 0)
    if getattr(value, "shape", None) == () and given and name in given[0]:  # one number in all: each parameter has the same
        return jnp.asarray(given[0][name], value.dtype).reshape(())
    return value + jnp.asarray(count, value.dtype) if _counts(value) else _loaded(value, given, count)


def _counts(value: Any) -> bool:
    """True where a field of a state counts updates: one whole number."""
    import jax.numpy as jnp

    return getattr(value, "shape", None) == () and bool(jnp.issubdtype(value.dtype, jnp.integer))


VOCABULARY = Vocabulary(
    package="optax", home="optax", kinds=KINDS, views=VIEWS, judged_by=judged_by,
    make=lambda factory, arguments: factory(**{"learning_rate": 0.1, **arguments}), start=_Live, known=KNOWN,
    read_by="refopt.frameworks.optax.lift_optimizers", not_judged=NOT_JUDGED, constants=CONSTANTS,
)  # fmt: skip
