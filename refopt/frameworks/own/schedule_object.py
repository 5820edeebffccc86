"""A schedule that is an object or a module with `rate(k, **hyper)`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from refopt.conformance.protocol.asked import backwards, behind
from refopt.conformance.protocol.door import Answers, Door
from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent, Skipped
from refopt.conformance.protocol.in_process import one_line, quiet
from refopt.conformance.protocol.live_object import takes
from refopt.conformance.protocol.reason import Reason, Why


@dataclass(frozen=True)
class ScheduleObject:
    """A module or an object with `rate(k, **hyper)`."""

    read_by: ClassVar[str] = "refopt.frameworks.own.lift_schedules"
    name: str
    version: str
    rule: str | None
    made: Any

    @property
    def settings(self) -> Mapping[str, float]:
        """Its defaults."""
        parameters = inspect.signature(self.made.rate).parameters.values()
        return {p.name: float(p.default) for p in parameters if isinstance(p.default, int | float)}

    @property
    def takes(self) -> frozenset[str] | None:
        """The hyperparameters in the signature of `rate`; None where it takes any."""
        return takes(self.made.rate, 1)

    def rates(self, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
        """Each step asked for by itself. What it does not take is not sent to it."""
        taken = self.takes
        if taken is not None and (lacking := [n for n in hyper if n not in taken]):
            return Skipped(Reason(Why.RATE_TAKES_NO, tuple(lacking)))
        return rates_of(self.made.rate, hyper, steps)

    @property
    def doors(self) -> tuple[Door, ...]:
        """That of a function of the step."""
        return (Door.BACKWARDS,)

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates, the last one asked for first."""
        return (behind(lambda: lambda k: self.made.rate(k, **hyper), backwards, steps),)


def rates_of(rate: Callable[..., float], hyper: Mapping[str, Sent], steps: Sequence[int]) -> Rates | Skipped | NoAnswer:
    """The values of `rate(k, **hyper)`."""
    try:
        with quiet():
            return Rates(tuple(float(rate(k, **hyper)) for k in steps))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return NoAnswer(f"raised {one_line(error)}")
