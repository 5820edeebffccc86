"""Anybody's gradient transformation: an optax GradientTransformation, chains included, or a function of hyperparameters that makes one.

The function's arguments are matched to hyperparameters by their names. Where the rate changes in a run, the transformation is made anew with it
and goes on from the same state; what `inject_hyperparams` keeps in the state is set there. Where a schedule is inside, the given rates stand in its
place, and it is judged by itself where a schedule is meant. Of the state nothing is believed: theta is compared.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from refopt.conformance.protocol.implementation import Answer, Array, Request, Snapshot, View
from refopt.conformance.protocol.in_process import Lacking, Misbehaved, drive, quiet
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved, Saved
from refopt.frameworks.argument_names import PAIR, Place, arguments_for, hypers_of, matched, pair_of
from refopt.frameworks.configured import Optimized, views_of
from refopt.frameworks.confirmed_arguments import Arguments, Measured
from refopt.frameworks.installed import package_version
from refopt.frameworks.jax_mode import jax_mode
from refopt.frameworks.jax_state import flattened, unflattened
from refopt.frameworks.optax.inner_schedule import Rate, inner_schedule
from refopt.frameworks.optax.optimizers import VOCABULARY
from refopt.frameworks.optax.train_state import APPLY, TX, applied, applies_gradients, rest_of, updates_as_flax
from refopt.frameworks.own.calling.schedules import CalledSchedule, of_what_it_makes
from refopt.frameworks.own_arguments import named_parameters, rate_names
from refopt.frameworks.subject import SCHEDULE_APART, Subject
from refopt.language.rule import Rule
from refopt.rounding.formats import FLOAT64

INJECTED = "hyperparams"
"""The field of a state that holds hyperparameters."""


def adopt(subject: Subject) -> OwnTransformation | CalledSchedule | None:
    """The implementation, where the subject is a gradient transformation or makes one; None for anything else."""
    rule = subject.meant
    if subject.means_a_schedule:
        return _schedule_of(subject)
    wanted = hypers_of(rule)
    if transformation_in(subject.made) is not None:
        return _of_transformation(subject, rule, wanted)
    return _of_factory(subject, rule, wanted) if inspect.isfunction(inspect.unwrap(subject.made)) else None


def _schedule_of(subject: Subject) -> CalledSchedule | None:
    """The schedule inside what the subject is or makes; None where there is none."""
    if (transformation := transformation_in(subject.made)) is not None:
        inner = inner_schedule(transformation)
        return None if inner is None else CalledSchedule(subject.name, "", subject.rule, None, inner.rate, "", {}, {}, spelled=subject.spelled)
    return of_what_it_makes(subject, rate_of) if inspect.isfunction(inspect.unwrap(subject.made)) else None


def rate_of(made: Any) -> Rate | None:
    """The schedule inside a transformation; None for anything else."""
    transformation = transformation_in(made)
    inner = inner_schedule(transformation) if transformation is not None else None
    return None if inner is None else inner.rate


def transformation_in(made: Any) -> Any:
    """The transformation that something is, or that a train state holds; None for anything else."""
    if is_transformation(made):
        return made
    held = getattr(made, TX, None) if applies_gradients(made) or updates_as_flax(made) else None
    return held if is_transformation(held) else None


def is_transformation(made: Any) -> bool:
    """True where something is a pair of init and update, or an object of optax' own that has both (MultiSteps)."""
    of_optax = not isinstance(made, type) and type(made).__module__.partition(".")[0] == "optax"
    return (isinstance(made, tuple) or of_optax) and all(callable(getattr(made, n, None)) for n in ("init", "update"))


def _of_transformation(subject: Subject, rule: str | None, wanted: Sequence[str]) -> OwnTransformation:
    """A transformation that is there: what `inject_hyperparams` keeps in its state can be set, and nothing else."""
    transformation = transformation_in(subject.made)
    held = _injected(transformation)
    places = matched(list(held), wanted)
    settings = {n: float(held[p.argument]) for n, p in places.items() if p.index is None}
    scheduled = inner_schedule(transformation) is not None
    told = (*((SCHEDULE_APART,) if scheduled else ()), *_called(subject.made))
    return OwnTransformation(
        subject.name, rule, lambda **_: subject.made, places, settings, spelled=subject.spelled, injects=True, kept=told, scheduled=scheduled
    )


def _called(made: Any) -> tuple[str, ...]:
    """The remark on what is run of a train state."""
    return () if is_transformation(made) else (f"judged: its {APPLY}",) if applies_gradients(made) else (f"judged: its {TX}",)


def _injected(transformation: Any) -> Mapping[str, Any]:
    """The hyperparameters in its state that keep the values which are put there: others come from a schedule in every update."""
    import jax.numpy as jnp

    try:
        with quiet(), jax_mode(FLOAT64):
            zeros = [jnp.zeros(2)]
            state = transformation.init(zeros)
            held = _held(state)
            if not held:
                return {}
            other = {n: jnp.asarray(x) / 2 + 1 for n, x in held.items()}
            later = _held(transformation.update(zeros, with_hyper(state, other), zeros)[1])
            return {n: x for n, x in held.items() if n in later and later[n] == other[n].astype(jnp.asarray(x).dtype)}
    except Exception:  # told where it is run
        return {}


def _held(state: Any) -> Mapping[str, Any]:
    return next((getattr(x, INJECTED) for x in _parts(state) if hasattr(x, INJECTED)), {})


def with_hyper(state: Any, given: Mapping[str, Any]) -> Any:
    """The state with values put in where it holds hyperparameters."""
    import jax.numpy as jnp

    if not isinstance(state, tuple):
        return state
    inner = [with_hyper(x, given) for x in state]
    made: Any = state._make(inner) if hasattr(state, "_make") else tuple(inner)
    held = getattr(made, INJECTED, None)
    if not isinstance(held, dict):
        return made
    return made._replace(hyperparams={**held, **{n: jnp.asarray(x, held[n].dtype) for n, x in given.items() if n in held}})


def _of_factory(subject: Subject, rule: str | None, wanted: Sequence[str]) -> OwnTransformation | None:
    """The transformation that a function of hyperparameters makes: it is called once to see."""
    try:
        parameters = named_parameters(subject.made)
    except (TypeError, ValueError):
        return None
    names = list(parameters)
    said = {ours: Place(theirs) for theirs, ours in subject.maps.items() if theirs in names}
    places = {**matched([n for n in names if n not in subject.maps], [h for h in wanted if h not in said]), **said}
    mine = {p.argument for p in places.values()}
    if any(parameters[n].default is inspect.Parameter.empty and n not in mine and n not in subject.arguments for n in names):
        return None
    own = {n: p.default for n, p in parameters.items() if p.default is not p.empty} | dict(subject.arguments)
    needed = {n: 0.5 for n, p in places.items() if p.argument not in own}
    try:
        with quiet(), jax_mode(FLOAT64):
            made = subject.made(**{**subject.arguments, **arguments_for(places, needed)})
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None
    if (transformation := transformation_in(made)) is None:
        return None
    values = {n: own[p.argument] if p.index is None else own[p.argument][p.index] for n, p in places.items() if p.argument in own}
    settings = {n: float(x) for n, x in values.items() if isinstance(x, int | float) and not isinstance(x, bool)}
    left = {n: own[n] for n in names if n not in mine and n in own}
    told = (*((f"held as found: {', '.join(f'{n}={x!r}' for n, x in left.items())}",) if left else ()), *_called(made))
    scheduled = inner_schedule(transformation) is not None
    if scheduled:
        places = _of_the_rule(subject, {**{p.argument: x for n, x in needed.items() if (p := places[n]).index is None}, **own}, places)
        settings, told = {n: x for n, x in settings.items() if n in places}, (SCHEDULE_APART, *told)
    return OwnTransformation(
        subject.name, rule, subject.made, places, settings, dict(subject.arguments), subject.spelled, kept=told, scheduled=scheduled,
        free={n: x for n, x in left.items() if n not in subject.arguments},
    )  # fmt: skip


def _of_the_rule(subject: Subject, known: Mapping[str, Any], places: Mapping[str, Place]) -> dict[str, Place]:
    """The places of hyperparameters that are no arguments of the schedule inside: with another value there its rates are the same."""

    def seen(values: Mapping[str, Any]) -> tuple[float, ...] | None:
        try:
            with quiet(), jax_mode(FLOAT64):
                rate = rate_of(subject.made(**values))
                return None if rate is None else tuple(float(rate(count)) for count in (0, 1, 2, 5, 11, 50))
        except KeyboardInterrupt:
            raise
        except BaseException:
            return None

    def changed(place: Place) -> dict[str, Any]:
        value = known[place.argument]
        other = value / 2 + 0.1 if place.index is None else tuple(x / 2 + 0.1 for x in value)
        return {**known, place.argument: other}

    usual = seen(known)
    return {n: p for n, p in places.items() if n not in rate_names() and p.argument in known and usual is not None and seen(changed(p)) == usual}


@dataclass(frozen=True)
class OwnTransformation(Measured):
    """A gradient transformation as an implementation.

    factory    makes it from keyword arguments
    places     where each hyperparameter stands among them
    arguments  those that stand in its spelling
    injects    hyperparameters are set in its state, not by making it anew
    kept       what was left as it was found
    scheduled  it has a schedule inside, in whose place given rates stand
    free       the values of arguments that stand for no hyperparameter and that nobody has set
    """

    read_by: ClassVar[str] = "refopt.frameworks.optax.lift_optimizers"
    constants_are_chosen: ClassVar[bool] = True
    name: str
    rule: str | None
    factory: Any
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    spelled: str | None = None
    injects: bool = False
    kept: tuple[str, ...] = ()
    scheduled: bool = False
    free: Mapping[str, Any] = field(default_factory=dict)
    version: str = field(default_factory=lambda: f"on optax {package_version('optax')}")
    resumes: bool = True

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that can be sent; beside them the rate, in the place of a schedule."""
        return frozenset(self.places) | (rate_names() if self.scheduled else frozenset())

    @property
    def hyper_names(self) -> tuple[str, ...]:
        """The same, in order."""
        return tuple(self.places)

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those of its spelling, and the defaults of the others."""
        return {**self.free, **self.arguments}

    @property
    def told(self) -> tuple[str, ...]:
        """Remarks on what was measured of its arguments, and on what was left as it was found, in words."""
        return (*self.looked, *self.kept)

    @cached_property
    def measured_arguments(self) -> Arguments | None:
        """Its arguments, and how it runs with each switch turned on; None where a schedule inside may use them."""
        if self.scheduled:
            return None

        def at(values: Mapping[str, Any]) -> Callable[[Request], Answer]:
            return replace(self, arguments={**self.arguments, **values}).run

        return Arguments(at, self.rule, self.places, self.settings, self.free)

    def views(self, rule: Rule) -> Mapping[str, View]:
        """None: which part of its state is which is not known."""
        return {}

    def read_views(self, rule: Rule) -> Mapping[str, View]:
        """Letters for the parts of its state that go by optax's names, where its code is read; the formula is compared, whatever they are called."""
        return views_of(VOCABULARY.views, rule)

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: _Live(self, r), self.faced(request))

    def keywords(self, hyper: Mapping[str, Any]) -> dict[str, Any]:
        """The factory's arguments for these values."""
        if lacking := [h for h in hyper if h not in self.places]:
            raise Lacking(Reason(Why.TAKES_NO, tuple(lacking)))
        pair = self.arguments.get(PAIR, pair_of(self.settings))
        return {**self.arguments, **arguments_for(self.places, hyper, pair)}


def _given_rates(request: Request, constant: float | None) -> Rate:
    """The rates of a run as a schedule; `constant`: the one that all updates have."""
    import jax.numpy as jnp

    given = jnp.asarray(request.lr or ()) if constant is None else jnp.asarray(constant)
    return (lambda count: given[count - (request.t0 - 1)]) if constant is None else (lambda count: given)


LONG, MANY = 100, 5
"""More updates, or more tensors, are compiled as a whole, as people's are."""


class _Live:
    def __init__(self, of: OwnTransformation, request: Request) -> None:
        self.of, self.format, self.optimized = of, request.format, Optimized(request, "optax")
        self.theta: list[Array] = [x.copy() for x in request.theta0]
        self.rate_name, self.hyper = request.rate_name, dict(request.hyper)
        sent = self.hyper.pop(self.rate_name, None) if of.scheduled else None
        constant = sent if request.lr is None else None
        if of.scheduled and request.lr is None and constant is None:
            raise Lacking(Reason(Why.NO_DEFAULT_FOR, (self.rate_name,)))
        if request.lr is not None and not of.scheduled:
            if self.rate_name not in of.places:
                raise Lacking(Reason(Why.RATE_IS_CONSTANT))
            self.hyper[self.rate_name] = request.lr[0]
        if not self.optimized.places:
            raise Lacking(Reason(Why.NO_GRADIENT_AT_ALL))
        with jax_mode(self.format):
            import jax

            self.params = [jax.device_put(x) for x in self.optimized.of(request.theta0)]
            self.make()
            self.inner = inner_schedule(self.optimizer) if of.scheduled else None
            self.rates = _given_rates(request, constant)
            inside = self.with_hyper(self.optimizer.init(self.params), self.hyper)
            self.state = inside if self.train is None else (inside, rest_of(self.train, self.params))
            if request.load is not None:
                self.state = unflattened(self.state, request.load)
            branches = not isinstance(self.optimizer, tuple)  # a wrapper's conditions are compiled anew in each update that is not
            as_a_whole = len(request.grads) > LONG or len(request.theta0) > MANY or branches
            self.update = jax.jit(self.updated) if as_a_whole and (request.lr is None or of.injects or of.scheduled) else self.updated

    def make(self) -> None:
        """Make the transformation of the present hyperparameters, and the train state that it is in, where it is in one."""
        made = self.of.factory(**self.of.keywords(self.hyper))
        self.optimizer, self.train = transformation_in(made), made if applies_gradients(made) else None

    def with_hyper(self, state: Any, hyper: Mapping[str, float]) -> Any:
        """The state with hyperparameters put in where it holds them."""
        return with_hyper(state, {self.of.places[n].argument: x for n, x in hyper.items() if n in self.of.places})

    def save(self) -> Saved | NotSaved:
        """The leaves of its state."""
        return flattened(self.state)

    def updated(self, grads: list[Any], state: Any, params: list[Any]) -> tuple[list[Any], Any]:
        """The parameters and the state after an update."""
        from optax import apply_updates

        if self.train is not None:
            return applied(self.train, grads, state, params)
        updates, state = self.optimizer.update(grads, state, params)
        return apply_updates(params, updates), state

    def step(self, t: int, grads: tuple[Array | None, ...], lr: float | None) -> None:
        """One update, applied."""
        import jax

        with jax_mode(self.format):
            if lr is not None and not self.of.scheduled and lr != self.hyper.get(self.rate_name):
                self.hyper[self.rate_name] = lr
                if not self.of.injects:
                    self.make()
            if lr is not None:
                self.state = self.with_hyper(self.state, {self.rate_name: lr})
            with contextlib.nullcontext() if self.inner is None else self.inner.replaced(self.rates):
                self.params, self.state = self.update([jax.device_put(g) for g in self.optimized.of(grads)], self.state, self.params)
            if any(x.shape != y.shape for x, y in zip(self.params, self.optimized.of(self.theta), strict=True)):
                raise Misbehaved("its updates are not of the shapes of the parameters")

    def snapshot(self) -> Snapshot:
        """Copies of the parameters."""
        found = [np.array(x) for x in self.params]
        if other := [x.dtype for x in found if x.dtype != self.format.dtype]:
            raise Lacking(Reason(Why.RETURNS_ANOTHER_FORMAT, (self.format.name, "theta", str(other[0]))))
        theta = self.optimized.put(found, [x.copy() for x in self.theta])
        return Snapshot(tuple(theta), tuple({} for _ in self.theta))


def _parts(state: Any) -> list[Any]:
    """The tuples in a state, from the outside in."""
    return [state, *(p for x in state for p in _parts(x))] if isinstance(state, tuple) else []
