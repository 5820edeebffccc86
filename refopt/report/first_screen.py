"""Screen before the search for a name begins: the formula is none that has a name, and where it differs first."""

from __future__ import annotations

from refopt.conformance.verdict.verdict import Verdict
from refopt.report.lines import first_difference
from refopt.report.terminal import consequence, difference, head


def first_screen(verdict: Verdict) -> list[str]:
    """The verdict and the first difference, and that the search is on."""
    worst = verdict.worst
    lines = head(verdict, f"deviates from {verdict.rule} in {worst.dtype}")
    d = first_difference(worst)
    if d is not None:
        told = consequence(d)
        lines += [*([told] if told is not None else []), *difference(d, worst)]
    return [*lines, "Searching for the formula that explains it (--search SECONDS sets the limit)", ""]
