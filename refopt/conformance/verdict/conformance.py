"""The words of a verdict: how an implementation stands to the formula, and how precise it is."""

from __future__ import annotations

from enum import StrEnum


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
