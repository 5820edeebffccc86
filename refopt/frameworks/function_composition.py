"""A framework's function that joins schedules, as an implementation: each is asked for from its own step 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from refopt.catalogue import schedule
from refopt.catalogue.composition import part_names
from refopt.conformance.protocol.asked import Asking, backwards, behind
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent, Skipped
from refopt.conformance.protocol.spelling import Spelling
from refopt.errors import RefoptError
from refopt.frameworks.function_schedule import FunctionSchedule
from refopt.frameworks.installed import member, package_version


@dataclass(frozen=True)
class FunctionComposition:
    """A function of schedules and of the steps at which each but the first begins.

    arguments  from the schedules and these steps, its arguments
    whole      by part, from the name of each of its hyperparameters to its name in the whole
    """

    name: str
    rule: str
    version: str
    factory: Any
    arguments: Callable[[list[Any], list[int]], dict[str, Any]]
    parts: tuple[FunctionSchedule, ...]
    whole: tuple[Mapping[str, str], ...]
    scope: Callable[[], AbstractContextManager[None]]
    ways: Mapping[Door, Asking]

    @property
    def settings(self) -> Mapping[str, float]:
        """None: every case sends what its parts need."""
        return {}

    @property
    def doors(self) -> tuple[Door, ...]:
        """Those of the framework, and that of a function."""
        return (Door.BACKWARDS, *self.ways)

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """Each step asked for by itself."""
        for part, own in zip(self.parts, self._of_parts(hyper), strict=True):
            if isinstance(found := part.rates(own, steps), Skipped):  # it lacks something, or is known to be wrong there by itself
                return found
        return behind(lambda: self._made(hyper), lambda rate, asked: [rate(k) for k in asked], steps, self.scope)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind a door."""
        return (behind(lambda: self._made(hyper), self.ways.get(door, backwards), steps, self.scope),)

    def _made(self, hyper: Mapping[str, Sent]) -> Any:
        starts = [int(hyper[f"start_{i}"]) for i in range(2, len(self.parts) + 1)]  # type: ignore[arg-type]
        return self.factory(**self.arguments([part.made(own) for part, own in zip(self.parts, self._of_parts(hyper), strict=True)], starts))

    def _of_parts(self, hyper: Mapping[str, Sent]) -> list[dict[str, Sent]]:
        return [{own: hyper[name] for own, name in names.items() if name in hyper} for names in self.whole]


def joined(
    spelling: Spelling, rule: str | None, written: Any, part: Callable[[str], FunctionSchedule], arguments: Callable[[list[Any], list[int]], dict[str, Any]]
) -> FunctionComposition:  # fmt: skip
    """The function of a spelling with the schedules in it. Raises RefoptError where these are none, or one is none that the catalogue has."""
    if not isinstance(written, list) or len(written) < 2 or not all(isinstance(x, Spelling) for x in written):
        raise RefoptError(f"{spelling.path}: no two schedules are given to join", help="write them with their functions: [optax.linear_schedule(), ...]")
    parts = tuple(part(x.text) for x in written)
    concept = schedule(rule or f"sequential({', '.join(str(p.rule) for p in parts)})")
    if len(concept.made_of) != len(parts):
        raise RefoptError(f"{concept.name} is not made of {len(parts)} schedules, as {spelling.path} is", help=f"--rule 'sequential({parts[0].rule}, ...)'")
    framework = parts[0].framework
    version = package_version(framework.package)
    made = member(spelling.path, ())
    return FunctionComposition(
        spelling.text, concept.name, version, made, arguments, parts, part_names(concept.made_of), framework.scope, framework.doors
    )
