"""The formula of an implementation, read from its own code: what is shown where a search for a name ends without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from refopt.conformance.diagnose.formulas import rule_or_schedule
from refopt.language.rule import Rule
from refopt.lifting.assumption import Assumed
from refopt.lifting.unreadable import CannotRead
from refopt.proof.formula import Line, parted, rule_lines, written


@dataclass(frozen=True)
class ReadFormula:
    """An implementation's formula beside the reference's.

    yours      the lines of its formula that the reference does not have, in the reference's letters
    reference  the reference's lines that it does not have
    route      how its code was read
    assumed    what the formula takes for granted
    """

    yours: tuple[Line, ...]
    reference: tuple[Line, ...]
    route: str
    assumed: tuple[Assumed, ...]


def read_formula(implementation: Any, name: str) -> ReadFormula | None:
    """The formula of a loaded implementation beside that of a rule or schedule of the catalogue; None where its code cannot be read.

    Takes a few seconds at most, raises nothing for what foreign code does.
    """
    from refopt.proving.lift import lift

    concept = rule_or_schedule(name)
    try:
        if not isinstance(concept, Rule):
            return _of_schedule(implementation, concept)
        lifted = lift(implementation, concept)
        yours, reference = parted(written(lifted, concept), rule_lines(concept))
    except CannotRead:
        return None
    return ReadFormula(yours, reference, lifted.route, lifted.assumed)


def _of_schedule(implementation: Any, schedule: Any) -> ReadFormula | None:
    from refopt.language.text import infix
    from refopt.proof.formula import tidy
    from refopt.proving.lift import lift_schedule

    lifted = lift_schedule(implementation, schedule)
    tree = lifted.closed if lifted.closed is not None else lifted.recursion
    if tree is None:
        return None
    return ReadFormula((Line("lr_k", infix(tidy(tree))),), (Line("lr_k", infix(schedule.rate)),), lifted.route, lifted.assumed)
