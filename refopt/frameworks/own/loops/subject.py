"""A whole-loop function as an implementation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from refopt.conformance.protocol.implementation import Answer, Request, View
from refopt.conformance.protocol.in_process import drive
from refopt.frameworks.confirmed_arguments import Arguments, Measured
from refopt.frameworks.own.loops.plan import Loop
from refopt.frameworks.own.loops.run import LiveLoop
from refopt.language.rule import Rule


@dataclass(frozen=True)
class WholeLoop(Measured):
    """An implementation that makes all updates itself; `spelled` is how another process makes it again."""

    read_by: ClassVar[str] = "refopt.frameworks.own.loops.lift"
    constants_are_chosen: ClassVar[bool] = True
    name: str
    version: str
    rule: str | None
    loop: Loop
    spelled: str | None = None
    resumes: bool = False

    @property
    def settings(self) -> Mapping[str, float]:
        """Its own defaults."""
        return self.loop.settings

    @property
    def takes(self) -> frozenset[str]:
        """The hyperparameters that it takes."""
        return self.loop.takes

    @property
    def told(self) -> tuple[str, ...]:
        """The way it is called, and what was measured of its arguments, in words."""
        return (*self.looked, *self.loop.told)

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """Those of its spelling, and the defaults of those that keep their value."""
        return {**self.loop.held, **self.loop.fixed}

    @cached_property
    def measured_arguments(self) -> Arguments:
        """Its arguments, and how it runs with other values of those of its function; what keeps its value in a class is left."""

        def at(values: Mapping[str, Any]) -> Callable[[Request], Answer]:
            return replace(self, loop=replace(self.loop, fixed={**self.loop.fixed, **values})).run

        places = {**self.loop.places, **self.loop.made_places}
        held = {n: x for n, x in self.loop.held.items() if n not in self.loop.fixed} if self.loop.make is None else {}
        return Arguments(at, self.rule, places, self.settings, held)

    def views(self, rule: Rule) -> Mapping[str, View]:
        """None: it shows its points and nothing else."""
        return {}

    def run(self, request: Request) -> Answer:
        """Run its loop over the gradients of a request."""
        return drive(lambda r: LiveLoop(self.loop, r), self.faced(request))
