"""Assumptions of a reading, and of what is proved of it, beside the domains of the hyperparameters: a closed set, as data. Their words are made in
`report`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from refopt.lifting.look import Look
from refopt.lifting.obstacle import Hindrance


class Assumption(Enum):
    """The closed set of assumptions; of those about one thing, in the order in which they are told."""

    # decisions of the code that are taken one way
    FINITE = auto()
    ZERO = auto()
    NOT_ZERO = auto()
    ZERO_IS_REFUSED = auto()
    COUNTER_STOPS = auto()
    # what code keeps, and which of two engines runs
    KEPT_OF_ONE_ARRAY = auto()
    SAME_BITS = auto()
    # arrays that were left out, and questions whose other answers were not seen
    LEFT_OUT = auto()
    LEFT_OUT_UNREAD = auto()
    OTHER_FORMATS = auto()
    OTHER_SHAPES = auto()
    TYPES = auto()
    PLAIN_TENSORS = auto()
    OTHER_ANSWERS = auto()
    # hyperparameters
    NOT_SET = auto()
    NOT_SET_IN_THEOREM = auto()
    CONSTANT_RATE = auto()
    # the gradient
    SIGN_TURNED = auto()


@dataclass(frozen=True)
class Assumed:
    """An assumption: which, the names and numbers in it, the question of the code that it is about, and the obstacle that led to it."""

    assumption: Assumption
    names: tuple[str, ...] = ()
    look: Look | None = None
    of: Hindrance | None = None


Worded: TypeAlias = Callable[[Assumed], str]
"""The words of an assumption, which `report` makes."""
FINITE = Assumed(Assumption.FINITE)
CONSTANT_RATE = Assumed(Assumption.CONSTANT_RATE)


def of_zero(name: str, nonzero: bool) -> Assumed:
    """The assumption that a hyperparameter is 0, or is not, as it is configured."""
    return Assumed(Assumption.NOT_ZERO if nonzero else Assumption.ZERO, (name,))


def counts_below(last: int) -> Assumed:
    """The assumption that the counter of updates does not come to the last number that it holds."""
    return Assumed(Assumption.COUNTER_STOPS, ("t", str(last)))


def in_order(found: Iterable[Assumed]) -> tuple[Assumed, ...]:
    """Assumptions once each, by what they are about."""
    return tuple(sorted(set(found), key=lambda x: (x.names, x.assumption.value)))
