"""Causes of reduced precision, as data: the formula is right, and its values are less precise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from refopt.golden.description import Description
from refopt.language.expression import Expression
from refopt.rounding.formats import Format


@dataclass(frozen=True)
class Example:
    """A hyperparameter's value before and after a stay in a narrower format."""

    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class Underflows(Description):
    """A hyperparameter (None: some value) that is zero in the format; `gives_nan` where a zero gradient then gives NaN."""

    name: str | None
    gives_nan: bool = False


@dataclass(frozen=True)
class TakenAsDecimals(Description):
    """Hyperparameters as the decimal numbers that are written; `example` is the one nearest to 1, as binary64 has it."""

    example: Fraction


@dataclass(frozen=True)
class PassThrough(Description):
    """Hyperparameters (None: all) that pass through a narrower format."""

    format: Format
    name: str | None = None
    example: Example | None = None


class Coefficients(Enum):
    """Several coefficients of a rule together."""

    POWERS = auto()
    ALL = auto()


@dataclass(frozen=True)
class FormedIn(Description):
    """Coefficients 1 - b and 1 - b^t that are formed in a narrower format."""

    format: Format
    what: Expression | Coefficients
    example: Example | None = None


@dataclass(frozen=True)
class ScalarsFormedIn(Description):
    """Every number of one value is formed in a narrower format; `names` those that a rule gives a name, update by update.

    flushes  numbers below the smallest normal one become zero there
    """

    format: Format
    names: tuple[str, ...]
    flushes: bool = False


@dataclass(frozen=True)
class StateKeptIn(Description):
    """A state variable (None: the whole state) that is kept in a narrower format, and computed in it where `computed`."""

    format: Format
    name: str | None = None
    computed: bool = False


@dataclass(frozen=True)
class ComputedIn(Description):
    """Everything is computed in a narrower format."""

    format: Format


@dataclass(frozen=True)
class RateFormedIn(Description):
    """The rate of a schedule is formed in a narrower format."""

    format: Format


@dataclass(frozen=True)
class Amplifies(Description):
    """An order of operations that amplifies rounding errors."""


@dataclass(frozen=True)
class KeepsThetaBefore(Description):
    """The theta before is kept in the place of a velocity."""

    velocity: str


@dataclass(frozen=True)
class Together(Description):
    """Two causes at once."""

    first: Description
    second: Description
