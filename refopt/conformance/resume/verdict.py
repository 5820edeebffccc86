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
    if not found.losses or finding.verdict not in ("conforms", "variant"):
        return replace(finding, resumption=found)
    return replace(finding, verdict="deviates", matches=(), precision="full", nearest=" or ".join(finding.matches), resumption=found)
