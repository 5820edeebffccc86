"""Anybody's torch.optim.Optimizer: a subclass, an instance, or a function of parameters that returns one.

Arguments are matched to the rule's hyperparameters by their names (`argument_names`), or as the person says (`--map`); what is not
matched keeps its value, and is told. A buffer is believed to be a state variable where the person says so, where it goes by the rule's own
name, or where measurement finds it and no other (`measured_views`); else theta is compared in open loop. Saving and loading is judged by
its own state_dict.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from refopt.catalogue import rules
from refopt.conformance.protocol.implementation import Answer, Implementation, Request, ScheduleImplementation, Snapshot, View
from refopt.conformance.protocol.in_process import Lacking, Misbehaved, drive
from refopt.conformance.protocol.reason import Reason, Why
from refopt.frameworks.argument_names import Place, arguments_for, matched, pair_of
from refopt.frameworks.confirmed_arguments import Arguments, Measured
from refopt.frameworks.installed import package_version
from refopt.frameworks.measured_views import Buffers, measured
from refopt.frameworks.own_arguments import configured, places_of, shown_as_found, switches_of, usual_values
from refopt.frameworks.subject import Subject
from refopt.frameworks.torch.groups import BROKEN, Grouped, is_broken, other_values, others
from refopt.frameworks.torch.making import Maker, maker
from refopt.frameworks.torch.optimizers import Live, load
from refopt.frameworks.torch.own_state import buffers_of, counters_of, put
from refopt.language.role import Role
from refopt.language.rule import Rule


def adopt(subject: Subject) -> Implementation | ScheduleImplementation | None:
    """The implementation, where what was named is an optimizer of torch's kind, or makes one; None for anything else.

    Raises RefoptError where it cannot be constructed with parameters and the arguments of its spelling.
    """
    if subject.means_a_schedule:
        return None
    make = maker(subject)
    if make is None:
        return None
    if make.torch_spelling is not None and not subject.maps:
        return load(make.torch_spelling, subject.rule)
    optimizer = make.tried(subject)
    group = optimizer.param_groups[0]
    signature = make.arguments(group)
    known = {n: group.get(n, default) for n, default in signature.items()}
    rule = subject.meant or subject.of_class(type(optimizer))
    rule = rule if subject.rule is not None else configured(rule, known)
    if on := switches_of(rule, {n: x for n, x in known.items() if n not in make.given}):
        make, known = replace(make, given={**make.given, **on}, told=(*make.told, *(f"{n}=True, as {rule} asks" for n in on))), {**known, **on}
    places = places_of(known, rule, subject.maps)
    settings = {ours: x for ours, place in places.items() if place.argument not in make.needed and (x := _value(known, place)) is not None}
    kept = shown_as_found({n: x for n, x in known.items() if n not in make.given}, places)
    return TorchClass(subject.name, make, rule, places, settings, (*kept, *make.told), subject.spelled, dict(subject.maps), in_group=frozenset(group))


def _value(known: Mapping[str, Any], place: Place) -> float | None:
    found = known[place.argument] if place.index is None else known[place.argument][place.index]
    return float(found) if isinstance(found, int | float) or getattr(found, "numel", lambda: 0)() == 1 else None


@dataclass(frozen=True)
class TorchClass(Measured):
    """An optimizer of a person's own class, as an implementation.

    make      what constructs it, from parameters and keyword arguments
    places    where each hyperparameter stands among its arguments
    settings  its own defaults, and what its spelling says
    kept      what of it keeps its value, in words
    spelled   how another process makes it again; None where none can
    maps      what the person says of its names
    in_group  what its parameter groups hold
    found     what was measured, by rule
    """

    read_by: ClassVar[str] = "refopt.frameworks.torch.lift_optimizers"
    constants_are_chosen: ClassVar[bool] = True
    follows_courses: ClassVar[bool] = True
    name: str
    make: Maker
    rule: str | None
    places: Mapping[str, Place]
    settings: Mapping[str, float]
    kept: tuple[str, ...] = ()
    spelled: str | None = None
    maps: Mapping[str, str] = field(default_factory=dict)
    version: str = field(default_factory=lambda: f"on torch {package_version('torch')}")
    resumes: bool = True
    in_group: frozenset[str] = frozenset()
    found: dict[str, Buffers] = field(default_factory=dict, compare=False, repr=False)

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters among its arguments."""
        return frozenset(self.places)

    @property
    def constructor(self) -> Callable[..., Any]:
        """The maker that takes parameters and keyword arguments."""
        return self.make.of

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those of its spelling, and the defaults of the others."""
        return {**self.make.signature, **self.make.given}

    @property
    def arguments(self) -> Mapping[str, Any]:
        """The keyword arguments that it is always made with."""
        return self.make.given

    def with_what_it_needs(self) -> TorchClass:
        """The same, with usual values of the arguments that have no default among its settings."""
        needed = {n: usual_values()[n] for n, p in self.places.items() if p.argument in self.make.needed}
        return replace(self, make=replace(self.make, given={**self.make.needed, **self.make.given}, needed={}), settings={**needed, **self.settings})

    def views(self, rule: Rule) -> Mapping[str, View]:
        """Each state variable stands where the person says, or under its own name, or where measurement alone finds it, if it stands at all."""
        said = {state: View(buffer) for buffer, state in self.maps.items() if state in rule.state_names}
        if rule.name not in self.found:
            self.found[rule.name] = measured(self.run, rule, {n: self.settings.get(n, 0.0) for n in self.places})
        return {name: said.get(name) or self.found[rule.name].views.get(name) or View(name) for name in rule.state_names}

    @property
    def told(self) -> tuple[str, ...]:
        """Remarks on what of it keeps its value, and on what was measured of its buffers and its arguments, in words."""
        said = set(self.maps.values())
        buffers = self.found.get(self.rule or "", Buffers())
        shown = replace(buffers, views={n: v for n, v in buffers.views.items() if n not in said}, may={n: x for n, x in buffers.may.items() if n not in said})
        return (*([BROKEN] if self.groups_are_broken else []), *shown.told, *self.looked, *self.kept)

    @cached_property
    def measured_arguments(self) -> Arguments:
        """Its arguments, and how it runs with each switch turned on."""

        def at(values: Mapping[str, Any]) -> Callable[[Request], Answer]:
            return replace(self, make=replace(self.make, given={**self.make.given, **values})).run

        free = {n: x for n, x in self.make.signature.items() if n not in self.make.given}
        return Arguments(at, self.rule, self.places, self.settings, free)

    @cached_property
    def groups_are_broken(self) -> bool:
        """True where tensors in a second parameter group are not updated as that group says; False where it cannot be made with its usual values."""
        usual = {n: x for n, x in usual_values().items() if n in self.places}
        try:
            grouped = self.grouped(usual | dict(self.settings))
        except Lacking:
            return False
        return is_broken(grouped, lambda step: closure(step, 0.0))

    def grouped(self, hyper: Mapping[str, float]) -> Grouped:
        """Parameters in a second group of these values."""
        return Grouped(self.make.of, self.keywords(hyper), others(self.places, self.roles_in_group, pair_of(self.settings)))

    @property
    def roles_in_group(self) -> dict[str, Role]:
        """The roles of the hyperparameters that its parameter groups hold."""
        held = {n for n, p in self.places.items() if p.argument in self.in_group}
        return {h.name: h.role for r in rules(variants=True) for h in r.hyper if h.name in held}

    def run(self, request: Request) -> Answer:
        """Carry out a run with fresh parameters."""
        return drive(lambda r: _Live(self, r), self.faced(request))

    def keywords(self, hyper: Mapping[str, float]) -> dict[str, Any]:
        """The constructor's arguments for these values."""
        if lacking := [h for h in hyper if h not in self.places]:
            raise Lacking(Reason(Why.SUBJECT_TAKES_NO, tuple(lacking), self.name))
        sent = {**self.arguments, **arguments_for(self.places, hyper, pair_of(self.settings))}
        if unsent := [n for n in self.make.needed if n not in sent]:
            raise Lacking(Reason(Why.NO_DEFAULT_FOR, tuple(unsent)))
        return sent


def closure(step: Callable[..., Any], loss: Any) -> tuple[Callable[[], Any], ...]:
    """The argument of a step() that requires a closure, which then returns this loss; none where it does not."""
    needed = [p for p in inspect.signature(step).parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return (lambda: loss,) if any(p.default is p.empty for p in needed) else ()


class _Live(Live):
    """An optimizer of a person's own class in the middle of a run."""

    def __init__(self, of: TorchClass, request: Request) -> None:
        self.given: list[tuple[Any, Any]] = []
        super().__init__(lambda params: self.made(of, request, params), request)
        self.placed = of.places
        self.rate = rate_in(self.optimizer.param_groups[0], of.places)
        self.closure = closure(self.optimizer.step, self.torch.zeros(()))

    def made(self, of: TorchClass, request: Request, params: list[Any]) -> Any:
        """The optimizer of these parameters, whose shapes and formats are remembered."""
        self.given = [(p.shape, p.dtype) for p in params]
        self.first = 0
        self.constructed: dict[str, float] = {}
        needed = request.rate_name in of.takes and of.places[request.rate_name].argument in of.make.needed
        rate = {request.rate_name: request.lr[0]} if request.lr is not None and needed else {}
        if len(params) > 1 and of.groups_are_broken:
            self.first = 1
            self.constructed = other_values(of.roles_in_group)
            return of.grouped({**of.settings, **rate, **request.hyper}).optimizer(params)
        return of.make.of(params, **of.keywords({**rate, **request.hyper}))

    @property
    def groups(self) -> list[Any]:
        """The parameter groups of what is judged."""
        return list(self.optimizer.param_groups[self.first :])

    def begin(self, request: Request) -> None:
        """Make its state by an update, then put the given one in its place; `visibility` measures whether that was all."""
        self.closure = closure(self.optimizer.step, self.torch.zeros(()))
        put(self, request)

    def snapshot(self) -> Snapshot:
        """As usual. Raises Misbehaved where a parameter has another shape or format than it was given."""
        if any(p.shape != shape for p, (shape, _) in zip(self.params, self.given, strict=True)):
            raise Misbehaved("step() changed the shape of its parameter")
        if changed := [p for p, (_, dtype) in zip(self.params, self.given, strict=True) if p.dtype != dtype]:
            raise Misbehaved(f"step() changed the format of its parameter to {changed[0].dtype}")
        return super().snapshot()

    def buffers(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Every tensor of one parameter's state, in tuples and lists too."""
        return {n: x for n, x in buffers_of(state, self.torch).items() if n not in counters_of(state)}


def rate_in(group: Mapping[str, Any], places: Mapping[str, Place]) -> str | None:
    """The name of the learning rate in a parameter group: as the argument does, else by another of its names."""
    if "lr" in places and places["lr"].argument in group:
        return places["lr"].argument
    found = matched([n for n in group if n != "params"], ("lr",))
    return found["lr"].argument if found else None
