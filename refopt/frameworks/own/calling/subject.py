"""A person's function, or class with a method, that is called with parameters and gradients, as an implementation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Request, View
from refopt.conformance.protocol.in_process import drive
from refopt.frameworks.argument_names import Place
from refopt.frameworks.confirmed_arguments import Arguments, Measured
from refopt.frameworks.own.calling.plan import Plan
from refopt.frameworks.own.calling.roles import Role, Signature
from refopt.frameworks.own.calling.run import LiveCalls
from refopt.frameworks.own.sharing import APART, SHARED, shares
from refopt.frameworks.own_arguments import usual_values
from refopt.language.rule import Rule


@dataclass(frozen=True)
class CalledObject(Measured):
    """An implementation that is called as a plan says. Of its state nothing is believed: theta alone is compared.

    spelled     how another process makes it again; None where none can
    per_tensor  each tensor gets a fresh object
    """

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_calls"
    follows_courses: ClassVar[bool] = True
    constants_are_chosen: ClassVar[bool] = True
    name: str
    version: str
    rule: str | None
    plan: Plan
    settings: Mapping[str, float]
    spelled: str | None = None
    per_tensor: bool = False
    resumes: bool = True

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that it takes."""
        return self.plan.callee.takes

    @property
    def told(self) -> tuple[str, ...]:
        """The way it is called, and what was measured of its arguments, in words."""
        if not self.plan.holds_one:
            return (*self.looked, *self.plan.told)
        usual = {n: x for n, x in usual_values().items() if n in self.takes}
        shared = not self.per_tensor and shares(self.run, usual | dict(self.settings))
        return (*([APART] if self.per_tensor else [SHARED] if shared else []), *self.looked, *self.plan.told)

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those of its spelling, and the defaults of the others: of its function, and of what makes its object."""
        callee = self.plan.callee
        return {**callee.called.defaults, **(callee.made.defaults if callee.made is not None else {}), **callee.fixed}

    @cached_property
    def measured_arguments(self) -> Arguments:
        """Its arguments, and how it runs with other values of those of its function, or of what makes its object."""
        callee = self.plan.callee
        signature = callee.called if callee.make is None else callee.made

        def at(values: Mapping[str, Any]) -> Callable[[Request], Answer]:
            return replace(self, plan=replace(self.plan, callee=replace(callee, fixed={**callee.fixed, **values}))).run

        named = {n: Place(argument) for n, argument in {**callee.keyed, **callee.settable}.items()}
        places = {**named, **callee.called.places, **(callee.made.places if callee.made is not None else {})}
        held = {} if signature is None else {n: signature.defaults[n] for n in signature.named(Role.HELD) if n not in callee.fixed}
        return Arguments(at, self.rule, places, self.settings, held)

    def views(self, rule: Rule) -> Mapping[str, View]:
        """None: which of its values is which state is not known."""
        return {}

    def run(self, request: Request) -> Answer:
        """Carry out a run from a fresh start."""
        return drive(lambda r: LiveCalls(self.plan, r, per_tensor=self.per_tensor), self.faced(request))


def settings_of(signatures: list[Signature], fixed: Mapping[str, Any]) -> dict[str, float]:
    """The defaults of hyperparameters among the arguments; `fixed` are those of the spelling."""
    found: dict[str, float] = {}
    for signature in signatures:
        found |= values_of(signature.places, {**signature.defaults, **fixed})
    return found


def values_of(places: Mapping[str, Place], values: Mapping[str, Any]) -> dict[str, float]:
    """The numbers that stand at these places among the values of arguments."""
    found = {name: _default(values, place) for name, place in places.items()}
    return {n: float(x) for n, x in found.items() if isinstance(x, int | float) and not isinstance(x, bool)}


def _default(values: Mapping[str, Any], place: Place) -> Any:
    value = values.get(place.argument)
    if place.index is None:
        return value
    return value[place.index] if isinstance(value, tuple | list) and len(value) == 2 else None
