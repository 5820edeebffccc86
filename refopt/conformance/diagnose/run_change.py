"""Changes of a run, as data: the formula is right, and it is fed with something else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from refopt.conformance.diagnose.held import Held
from refopt.golden.course_edits import Taking
from refopt.golden.description import Description


class OfTheRun(Description):
    """A description of how a run is fed."""

    @property
    def of_the_run(self) -> bool:
        """Always: that is what it is about."""
        return True


class RunChange(OfTheRun, Enum):
    """One change of a run as a whole."""

    COUNTS_ANEW = auto()
    FIRST_RATE_HOLDS = auto()
    RATE_LATE = auto()
    ONE_COUNT = auto()
    SIGN_TURNED = auto()
    GRADIENT_LATE = auto()
    GRADIENTS_ADD_UP = auto()
    FIRST_TENSOR_ONLY = auto()
    WITHOUT_ZEROS = auto()
    WITHOUT_BROKEN = auto()
    ZEROS_FOR_ABSENT = auto()
    TRANSPOSED = auto()
    BY_COLUMNS = auto()
    OF_THE_NEXT = auto()
    OF_THE_ONE_BEFORE = auto()
    REVERSED = auto()
    OF_THE_FIRST = auto()
    OF_THE_MEAN = auto()
    BY_PLACE = auto()


@dataclass(frozen=True)
class TakenFrom(OfTheRun):
    """Hyperparameters that change in a run, and are taken from another update than the one at hand."""

    names: tuple[str, ...]
    taking: Taking


@dataclass(frozen=True)
class NotOfItsGroup(OfTheRun):
    """Hyperparameters whose values are not those of the tensor's own parameter group; `kept`: those of the constructor are kept for good."""

    names: tuple[str, ...]
    kept: bool


@dataclass(frozen=True)
class OtherDefault(OfTheRun):
    """Another default of a hyperparameter, in force where none is sent."""

    name: str
    value: str
    default: str


@dataclass(frozen=True)
class StaysFinite(OfTheRun):
    """Inputs that should make theta NaN or infinite, and do not: the comments of their cases."""

    comments: tuple[str, ...]


@dataclass(frozen=True)
class FixedAt(OfTheRun):
    """Hyperparameters that cannot be set."""

    values: tuple[Held, ...]
