"""The doors of a schedule: the ways, beside the one that its cases go, in which a framework lets people have its rates.

Behind every door is the same exact trajectory. A program may be right where it is stepped from the start, and wrong where it goes on from a saved
state: so each door is a place to look, and each is judged by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any, Protocol, TypeAlias, runtime_checkable

from refopt.conformance.protocol.implementation import NoAnswer, Rates, Sent, Skipped

Answers: TypeAlias = tuple[Rates | Skipped | NoAnswer, ...]
"""The rates behind a door, once for each way in which what it means may be understood."""


class Door(Enum):
    """The closed set of doors.

    BACKWARDS    a function of the step, asked for the last step first
    IN_OPTIMIZER the rate that an optimizer of the framework has when it makes the update of that step
    REBUILT      made again from the configuration that it saves
    FROM_STATE   saved at each step that is asked for, loaded into a scheduler that was just made, and continued
    LAST_EPOCH   made with the number of the last step, in the middle of a run: to make that next step, or to be stepped to it
    BY_EPOCH     told the number of a step, and stepped from there
    MOMENTUM     the momentum that moves opposite to the rate, whose ends are the rates that were sent
    SECOND_GROUP the rate of a group of parameters behind another one with twice that rate
    """

    BACKWARDS = auto()
    IN_OPTIMIZER = auto()
    REBUILT = auto()
    FROM_STATE = auto()
    LAST_EPOCH = auto()
    BY_EPOCH = auto()
    SECOND_GROUP = auto()
    MOMENTUM = auto()

    def __reduce_ex__(self, protocol: Any) -> tuple[type[Door], tuple[int]]:
        """By value: what another process sends names no function but this class."""
        return Door, (self.value,)


@runtime_checkable
class HasDoors(Protocol):
    """A schedule with more than one way to its rates."""

    @property
    def doors(self) -> tuple[Door, ...]:
        """The doors that it has."""

    def through(self, door: Door, hyper: Mapping[str, Sent], steps: Sequence[int]) -> Answers:
        """The rates at these steps, behind a door. Never raises for what the implementation does."""


def doors_of(implementation: object) -> tuple[Door, ...]:
    """The doors of a schedule; none where it does not say."""
    return implementation.doors if isinstance(implementation, HasDoors) else ()
