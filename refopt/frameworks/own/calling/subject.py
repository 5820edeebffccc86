"""A person's function, or class with a method, that is called with parameters and gradients, as an implementation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Request, View
from refopt.conformance.protocol.in_process import drive
from refopt.frameworks.argument_names import Place
from refopt.frameworks.own.calling.plan import Plan
from refopt.frameworks.own.calling.roles import Signature
from refopt.frameworks.own.calling.run import LiveCalls
from refopt.language.rule import Rule


@dataclass(frozen=True)
class CalledObject:
    """An implementation that is called as a plan says. Of its state nothing is believed: theta alone is compared.

    spelled     how another process makes it again; None where none can
    per_tensor  each tensor gets a fresh object
    """

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_calls"
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
        """The way it is called, in words."""
        alone = self.plan.callee.make is not None and not self.plan.holding.together and not self.plan.callee.made_of_theta
        shared = "one object updates all tensors; if each tensor gets its own: per_tensor = True in its class"
        return (*self.plan.told, *(("each tensor has an object of its own" if self.per_tensor else shared,) if alone else ()))

    def views(self, rule: Rule) -> Mapping[str, View]:
        """None: which of its values is which state is not known."""
        return {}

    def run(self, request: Request) -> Answer:
        """Carry out a run from a fresh start."""
        return drive(lambda r: LiveCalls(self.plan, r, per_tensor=self.per_tensor), request)


def settings_of(signatures: list[Signature], fixed: Mapping[str, Any]) -> dict[str, float]:
    """The defaults of hyperparameters among the arguments; `fixed` are those of the spelling."""
    found: dict[str, float] = {}
    for signature in signatures:
        for name, place in signature.places.items():
            value = _default({**signature.defaults, **fixed}, place)
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[name] = float(value)
    return found


def _default(values: Mapping[str, Any], place: Place) -> Any:
    value = values.get(place.argument)
    if place.index is None:
        return value
    return value[place.index] if isinstance(value, tuple | list) and len(value) == 2 else None
