"""The words of a verdict: how an implementation stands to the formula, and how precise it is."""

from __future__ import annotations

from enum import Enum, StrEnum, auto


class Conformance(StrEnum):
    """The closed set of verdicts on an implementation, against the formula that it is judged by.

    CONFORMS   every claim about the reference holds
    VARIANT    another named formula explains every case
    DEVIATES   no named formula does
    NO_ANSWER  it crashed, timed out or answered with the wrong shape
    SKIPPED    nothing was judged, for a reason that is told
    """

    CONFORMS = "conforms"
    VARIANT = "variant"
    DEVIATES = "deviates"
    NO_ANSWER = "no_answer"
    SKIPPED = "skipped"


class Precision(StrEnum):
    """FULL as the format allows, or REDUCED, with one named cause that explains every case."""

    FULL = "full"
    REDUCED = "reduced"


class Fault(Enum):
    """The fault of the answer of one format, for which the exit code is 1.

    NO_ANSWER          nothing was answered
    LOST               some cases gave no answer
    LOSES_STATE        loading its saved state does not restore it
    DOOR               a door of a schedule leads to other rates
    TOO_CLOSE          it is off by too little to tell a formula
    NO_KNOWN_FORMULA   not the reference, nor any known variant
    NOT_THE_REFERENCE  a known variant, where none was asked for
    NOT_THE_EXPECTED   another variant than the one that was asked for
    THE_REFERENCE      the reference, where a variant was asked for
    DEFAULTS           its defaults are not the rule's, which --strict asks for
    PRECISION          less precise than the format allows, which --strict asks for
    """

    NO_ANSWER = auto()
    LOST = auto()
    LOSES_STATE = auto()
    DOOR = auto()
    TOO_CLOSE = auto()
    NO_KNOWN_FORMULA = auto()
    NOT_THE_REFERENCE = auto()
    NOT_THE_EXPECTED = auto()
    THE_REFERENCE = auto()
    DEFAULTS = auto()
    PRECISION = auto()
