"""Relations of two formulas that are not the same: one state a multiple of the other, a hyperparameter at a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from refopt.language.expression import Expression


class Same(StrEnum):
    """Extent to which two formulas are the same: in every run, or while the rate does not change (both proved); neither proof nor witness; or not."""

    EVERYWHERE = "everywhere"
    AT_CONSTANT_RATE = "at_constant_rate"
    UNDECIDED = "undecided"
    NO = "no"


@dataclass(frozen=True)
class Multiple:
    """One state that is a multiple of another: `factor` times it, written as a formula; `by_the_rate`: so only as long as the rate does not change."""

    state: str
    factor: str
    by_the_rate: bool = False


@dataclass(frozen=True)
class Agreement:
    """A value of a hyperparameter for which two formulas are the same, at any rate or at a constant one."""

    name: str
    value: Expression
    at_constant_rate: bool = False
