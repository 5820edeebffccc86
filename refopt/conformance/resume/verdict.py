"""A format's verdict with what saving and loading came to: a known formula that loses something when it is loaded deviates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from refopt.conformance.finding import Finding
from refopt.conformance.implementation import Implementation
from refopt.conformance.resume.elsewhere import elsewhere
from refopt.conformance.resume.examine import resumption
from refopt.conformance.resume.loss import Resumption


@contextmanager
def judged_elsewhere(implementation: Implementation) -> Iterator[Callable[[Finding], Finding]]:
    """What adds saving and loading to a finding. The place where states are loaded is made ready meanwhile."""
    place = elsewhere(implementation)
    try:
        yield lambda finding: with_resumption(finding, resumption(implementation, finding, place))
    finally:
        place.close()


def with_resumption(finding: Finding, found: Resumption) -> Finding:
    """The finding with it; `nearest` is the formula that an uninterrupted run has."""
    if finding.looked_at is not None:
        finding = replace(finding, looked_at=replace(finding.looked_at, reloaded=found.runs > 0))
    fitting = () if finding.explanation is None else tuple(a.model.name for a in finding.explanation.found)
    undecided = finding.verdict == "skipped" and fitting  # the formula fits, though too few claims decide: a loss is a loss all the same
    if not found.losses or not (finding.verdict in ("conforms", "variant") or undecided):
        return replace(finding, resumption=found)
    nearest = " or ".join(finding.matches or fitting)
    return replace(finding, verdict="deviates", matches=(), precision="full", nearest=nearest, reason=None, resumption=found)
