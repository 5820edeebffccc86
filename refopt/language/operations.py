"""The operations of the language: one record each, data only.

Adding an elementary operation is a record here, a spelling in each backend's table, and a line in each exact arithmetic
(language/dual.py, exact/*_numbers.py). The arithmetics of error (rounding/scalars.py, rounding/enclosure.py,
conformance/diagnose/running_error.py, identify/balls.py) take its steepest slope and its units from the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Gives(Enum):
    """The kind of a value that an operation gives."""

    REAL = "real"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIKE_OPERANDS = "integer where every operand is one"


class Steepest(Enum):
    """The place in an interval at which the size of a function's slope is the largest."""

    ANYWHERE = "anywhere: it is at most the Lipschitz factor"
    AT_LOW_END = "low end"
    AT_HIGH_END = "high end"
    NEAREST_TO_ZERO = "point nearest to zero, at which it is infinite"


@dataclass(frozen=True)
class Operation:
    """One operation.

    name       as it stands in a tree
    arity      the number of its operands
    gives      the kind of its value
    lowest     the least operand that a function of one number takes, itself included; None: any
    rises      whether a function of one number never falls, wherever it is defined
    lipschitz  the factor by which it enlarges differences at most; None: there is none
    steepest   the place of its largest slope, of a smooth function of one number
    units      the largest error of a mathematical library's function, in units of the last place; None: it is rounded to nearest, or exact
    letters    its name in LaTeX, where that is not the name itself
    counts     whether it counts the entries of a list for which its operand, a condition, holds
    reduces    whether it makes one value of all elements of a tensor, or of all tensors
    """

    name: str
    arity: int
    gives: Gives = Gives.REAL
    lowest: float | None = None
    rises: bool = False
    lipschitz: float | None = None
    steepest: Steepest | None = None
    units: int | None = None
    letters: str | None = None
    counts: bool = False
    reduces: bool = False

    @property
    def is_smooth(self) -> bool:
        """True where it is a function of one number from a mathematical library, which has a slope."""
        return self.steepest is not None


_LIKE, _CONDITION = Gives.LIKE_OPERANDS, Gives.BOOLEAN
RECORDS: tuple[Operation, ...] = (
    Operation("add", 2, _LIKE), Operation("sub", 2, _LIKE), Operation("mul", 2, _LIKE), Operation("div", 2), Operation("neg", 1, _LIKE, lipschitz=1),
    Operation("pow", 2, units=4), Operation("square", 1), Operation("sqrt", 1, lowest=0.0, rises=True),
    Operation("abs", 1, lipschitz=1), Operation("sign", 1, rises=True),
    Operation("max", 2, _LIKE, rises=True, lipschitz=1, letters=r"\max"), Operation("min", 2, _LIKE, rises=True, lipschitz=1, letters=r"\min"),
    Operation("floor", 1, Gives.INTEGER, rises=True),
    Operation("exp", 1, rises=True, steepest=Steepest.AT_HIGH_END, units=4, letters=r"\exp"),
    Operation("log", 1, lowest=0.0, rises=True, steepest=Steepest.AT_LOW_END, units=4, letters=r"\log"),
    Operation("cos", 1, lipschitz=1, steepest=Steepest.ANYWHERE, units=4, letters=r"\cos"),
    Operation("sin", 1, lipschitz=1, steepest=Steepest.ANYWHERE, units=4, letters=r"\sin"),
    Operation("tanh", 1, rises=True, lipschitz=1, steepest=Steepest.ANYWHERE, units=4, letters=r"\tanh"),
    Operation("cbrt", 1, rises=True, steepest=Steepest.NEAREST_TO_ZERO, units=4),
    Operation("lt", 2, _CONDITION), Operation("le", 2, _CONDITION), Operation("gt", 2, _CONDITION), Operation("ge", 2, _CONDITION),
    Operation("eq", 2, _CONDITION), Operation("and", 2, _CONDITION), Operation("or", 2, _CONDITION),
    Operation("where", 3), Operation("cast", 1), Operation("count", 1, Gives.INTEGER, counts=True),
    Operation("ilog", 2, Gives.INTEGER),
    Operation("sum", 1, reduces=True, letters=r"\sum"), Operation("largest", 1, lipschitz=1, reduces=True, letters=r"\max"),
)  # fmt: skip
"""Every operation, in the order of documents."""

RECORD: dict[str, Operation] = {o.name: o for o in RECORDS}
"""By name."""
SMOOTH: tuple[str, ...] = tuple(o.name for o in RECORDS if o.is_smooth)
"""Functions of one number from a mathematical library."""
