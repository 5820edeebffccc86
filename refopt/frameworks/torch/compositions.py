"""torch's schedulers that are made of schedulers: SequentialLR and ChainedScheduler, judged with those that they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from refopt.catalogue import schedule
from refopt.catalogue.composition import part_names
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent, Skipped
from refopt.conformance.protocol.spelling import Spelling
from refopt.conformance.protocol.stepped import Stepped
from refopt.errors import RefoptError
from refopt.frameworks.installed import member, package_version
from refopt.frameworks.torch.schedules import COMPOSITIONS, HOME, PARTS, TorchSchedule, first_rate, load, optimizer_with


@dataclass(frozen=True)
class TorchComposition:
    """A scheduler with the schedulers that it holds.

    whole  by part, from the name of each of its hyperparameters to its name in the whole
    """

    doors: ClassVar[tuple[Door, ...]] = (Door.FROM_STATE, Door.SECOND_GROUP)
    name: str
    word: str
    factory: Any
    parts: tuple[TorchSchedule | TorchComposition, ...]
    rule: str
    version: str
    whole: tuple[Mapping[str, str], ...]

    @property
    def settings(self) -> Mapping[str, float]:
        """None: every case sends what its parts need."""
        return {}

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """The optimizer's rate after so many calls of `scheduler.step()`."""
        return self.lacking(hyper) or self._stepped(hyper).rates(steps)

    def lacking(self, hyper: Mapping[str, Sent]) -> Skipped | None:
        """The reason why a part has not all of its hyperparameters; None where all have."""
        return next((found for part, own in zip(self.parts, self._of_parts(hyper), strict=True) if (found := part.lacking(own)) is not None), None)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates behind a door."""
        return self._stepped(hyper).through(door, steps)

    def made(self, optimizer: Any, hyper: Mapping[str, Sent], rates: tuple[float, ...], more: Mapping[str, Any]) -> Any:
        """The scheduler of an optimizer whose groups have these first rates, its parts made one after the other."""
        held = [part.made(optimizer, own, rates, {}) for part, own in zip(self.parts, self._of_parts(hyper), strict=True)]
        if self.word == "chained":
            return self.factory(held, optimizer=optimizer, **more)
        return self.factory(optimizer, held, milestones=[int(hyper[f"start_{i}"]) for i in range(2, len(held) + 1)], **more)  # type: ignore[arg-type]

    def _of_parts(self, hyper: Mapping[str, Sent]) -> list[dict[str, Sent]]:
        return [{own: hyper[name] for own, name in names.items() if name in hyper} for names in self.whole]

    def _stepped(self, hyper: Mapping[str, Sent]) -> Stepped:
        def made(rates: tuple[float, ...], saved: Mapping[str, Any] | None, more: Mapping[str, Any]) -> tuple[Any, Any]:
            optimizer = optimizer_with(rates, saved)
            return optimizer, self.made(optimizer, hyper, rates, more)

        return Stepped(made, first_rate(hyper), TorchSchedule.rate_in_optimizer)


def composition(spelling: Spelling, rule: str | None) -> TorchComposition:
    """The scheduler of a spelling with those in it. Raises RefoptError where one of them is none that the catalogue has, or needs a metric."""
    written = spelling.arguments[PARTS]
    if not isinstance(written, list) or not all(isinstance(x, Spelling) for x in written):
        raise RefoptError(f"{spelling.path}: {PARTS} = {written!r} are no schedulers", help=f"write {PARTS}=[LinearLR(), CosineAnnealingLR()]")
    parts = tuple(load(x.text if x.path.startswith(HOME) else f"{HOME}.{x.text}") for x in written)
    word = COMPOSITIONS[spelling.path.rpartition(".")[2]]
    name = f"{word}({', '.join(str(part.rule) for part in parts)})"
    concept = schedule(rule or name)
    if len(concept.made_of) != len(parts):
        raise RefoptError(f"{concept.name} is not made of {len(parts)} schedules, as {spelling.path} is", help=f"--rule {name!r}")
    return TorchComposition(spelling.text, word, member(spelling.path, ()), parts, concept.name, package_version("torch"), part_names(concept.made_of))
