"""Reasons why something of a framework that updates parameters, or gives rates, is judged by nothing here; `refopt.report.phrases` has the sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum


class NotJudged(Enum):
    """A reason, in two words as an error tells it."""

    OF_A_TENSOR = "tensor-wide sums"
    OF_MATRICES = "matrix algebra"
    READS_THE_LOSS = "loss-dependent"
    ELSEWHERE = "several iterates"
    RANDOM = "random numbers"
    OF_A_PERSON = "user-made parts"
    SPARSE = "sparse gradients"
    SCALES_ITSELF = "global sums"
    NOT_WRITTEN = "unwritten formula"


def by_reason(home: str, names: Mapping[NotJudged, Sequence[str]]) -> dict[str, NotJudged]:
    """By whole name, the reason: of a table that has, by reason, names in a module."""
    return {f"{home}.{name}": reason for reason, listed in names.items() for name in listed}
