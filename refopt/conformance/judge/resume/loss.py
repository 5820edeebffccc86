"""Losses when a saved state is loaded: a closed set. Made into text by the report only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from refopt.conformance.judge.summary import Difference
from refopt.golden.description import Name
from refopt.rounding.formats import Format


@dataclass(frozen=True)
class Reset:
    """State variables, or the count of updates, are at their start again.

    states  which variables; () where it is the count alone
    count   the count of updates starts anew
    whole   that is all there is: it starts from nothing
    """

    states: tuple[str, ...]
    count: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Miscounted:
    """The next update has a number that is `by` too large (or, negative, too small)."""

    by: int


@dataclass(frozen=True)
class Narrowed:
    """State variables go through a narrower format when they are loaded, and stay in it where `kept`."""

    states: tuple[str, ...]
    format: Format
    kept: bool


@dataclass(frozen=True)
class Forgotten:
    """A hyperparameter, often the rate, has another value after loading."""

    hyper: str
    value: str


@dataclass(frozen=True)
class Exchanged:
    """Two state variables are loaded in each other's place."""

    first: str
    second: str


@dataclass(frozen=True)
class Ignored:
    """Variables under the rule's names that have no effect when they are loaded."""

    states: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """It cannot load the state that it saved itself; `message` is the error."""

    message: str


@dataclass(frozen=True)
class Unknown:
    """It goes on in another way, and nothing that is known explains it."""


What: TypeAlias = Reset | Miscounted | Narrowed | Forgotten | Exchanged | Ignored | Refused | Unknown


@dataclass(frozen=True)
class Loss:
    """A loss, and the observation that shows it.

    case     the run in which it was seen first, cut after `cut` updates
    partial  only some elements lose it
    first    the first value that differs: what the uninterrupted run has stands as the exact one
    """

    what: What
    case: str
    cut: int
    partial: bool = False
    first: Difference | None = None


@dataclass(frozen=True)
class Resumption:
    """Result of saving and loading in one format.

    runs     how many runs were cut in two, saved, loaded into a fresh object and continued
    afresh   the fresh object was in a fresh process
    within   how many of the runs differ by no more than rounding may: a copy of more precision is not saved
    skipped  why none was judged
    losses   what is lost
    """

    runs: int = 0
    afresh: bool = False
    within: int = 0
    skipped: Name | None = None
    losses: tuple[Loss, ...] = ()
