"""Remarks beside a verdict, in words."""

from __future__ import annotations

from refopt.conformance.verdict.verdict import Verdict
from refopt.report.phrases import phrase
from refopt.report.words import told


def remarks(verdict: Verdict) -> list[str]:
    """Remarks on its dialogue and on its values, each once."""
    return [told(x) for x in verdict.remarks]


def known_bugs(verdict: Verdict) -> list[str]:
    """Every known bug that any format showed, each once."""
    return [told(x) for x in verdict.known_bugs]


def notes(verdict: Verdict) -> list[str]:
    """Everything worth knowing that is no verdict, each once."""
    return [*remarks(verdict), *(phrase("accepts", value=x) for x in verdict.accepts)]
