"""A whole-loop function as an implementation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from refopt.conformance.protocol.implementation import Answer, Request, View
from refopt.conformance.protocol.in_process import drive
from refopt.frameworks.own.loops.plan import Loop
from refopt.frameworks.own.loops.run import LiveLoop
from refopt.language.rule import Rule


@dataclass(frozen=True)
class WholeLoop:
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
        """The way it is called, in words."""
        return self.loop.told

    def views(self, rule: Rule) -> Mapping[str, View]:
        """None: it shows its points and nothing else."""
        return {}

    def run(self, request: Request) -> Answer:
        """Run its loop over the gradients of a request."""
        return drive(lambda r: LiveLoop(self.loop, r), request)
