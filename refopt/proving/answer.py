"""Answers of `prove`: equal, different with the formula and a witness, or unreadable with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from refopt.lifting.assumption import Assumed
from refopt.lifting.frame import Frame
from refopt.lifting.obstacle import Phrase
from refopt.proof.equality import Witness
from refopt.proof.formula import Line
from refopt.proof.related import Multiple
from refopt.proving.second_opinion import Opinion


@dataclass(frozen=True)
class Default:
    """A default that is not the rule's: the hyperparameter's name, the implementation's value, the rule's."""

    name: str
    own: str
    rule: str


@dataclass(frozen=True)
class Asked:
    """The question that an answer belongs to.

    implementation  as a person spells it; `version` of its package
    rule            the rule or schedule that it is compared with
    route           how its code was read
    assumed         what the answer takes for granted beside the domains of the hyperparameters
    schedule        whether it is a learning-rate schedule
    defaults        the defaults that are not the rule's
    frames          the arrays that the code was run with
    place           where the formula that differs holds, where it does not hold everywhere
    """

    implementation: str
    version: str
    rule: str
    route: str = ""
    assumed: tuple[Assumed, ...] = ()
    schedule: bool = False
    defaults: tuple[Default, ...] = ()
    frames: tuple[Frame, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Equal:
    """The implementation is the rule: for all parameters, gradients, states, steps and admissible hyperparameters.

    forms       of a schedule, which of its forms are proved
    checked_by  how this was checked apart from SymPy
    """

    asked: Asked
    forms: tuple[str, ...] = ()
    checked_by: Opinion | None = None

    verdict = "equal"
    exit = 0


@dataclass(frozen=True)
class Differs:
    """The implementation computes something else.

    matches    named formulas that it is proved to be
    multiple   where it is the rule as long as the learning rate does not change: its state times the factor is the rule's
    yours      the formula that it computes, in the rule's letters; `reference` the rule's
    witness    an exact point at which the two differ: `first` is the rule's value, `second` the implementation's
    remedy     how to spell it so that it is proved to be the rule, or ""
    forms      of a schedule, which of its forms are proved to be `matches`
    checked_by how that it is the first of `matches` was checked apart from SymPy
    need       what its code needs so that it has a value, where it is the rule wherever it has one; else ""
    """

    asked: Asked
    matches: tuple[str, ...]
    yours: tuple[Line, ...]
    reference: tuple[Line, ...]
    witness: Witness
    multiple: Multiple | None = None
    remedy: str = ""
    forms: tuple[str, ...] = ()
    checked_by: Opinion | None = None
    need: str = ""

    verdict = "differs"
    exit = 1


@dataclass(frozen=True)
class Unreadable:
    """No formula could be read from the code, or neither equality nor a difference could be shown.

    reason  what stood in the way, as data; `refopt.report.words.told(reason)` is the line of text of it
    where   the line of the person's file at which it stood
    """

    asked: Asked
    reason: Phrase
    where: str = ""

    verdict = "unreadable"
    exit = 1


Answer: TypeAlias = Equal | Differs | Unreadable
