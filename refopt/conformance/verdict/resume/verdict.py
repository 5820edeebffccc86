"""A format's verdict with what saving and loading came to: a known formula that loses something when it is loaded deviates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from refopt.conformance.judge.resume.cut import Cut, cuts
from refopt.conformance.judge.resume.loss import Resumption
from refopt.conformance.protocol.implementation import Implementation
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.verdict.conformance import Conformance
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.resume.elsewhere import Elsewhere, FreshProcess, Partner, elsewhere
from refopt.conformance.verdict.resume.evaluate_resumption import resumption


@dataclass
class Reloads:
    """Runs that are continued from what they saved, at the place where states are loaded: they are handed over as soon as they are seen."""

    implementation: Implementation
    place: Elsewhere
    begun: dict[str, list[Cut]] = field(default_factory=dict)
    places: dict[str, Elsewhere] = field(default_factory=dict)
    """By format, where that decides."""

    def begin(self, name: str, seen: Implementation, observations: Sequence[Observation]) -> None:
        """Hand over the runs of a format, where another process can work at them meanwhile: another than the one in which it was seen."""
        place = elsewhere(seen) if isinstance(self.place, Partner) else self.place
        if isinstance(place, FreshProcess | Partner):
            self.places[name], self.begun[name] = place, cuts(observations)
            if self.begun[name]:
                place.begin([c.rest for c in self.begun[name]])

    def added(self, finding: Finding) -> Finding:
        """The finding with what saving and loading came to."""
        place = self.places.get(finding.dtype, self.place)
        return with_resumption(finding, resumption(self.implementation, finding, place, self.begun.get(finding.dtype, ())))


@contextmanager
def judged_elsewhere(implementation: Implementation) -> Iterator[Reloads]:
    """A context that judges saving and loading. The place where states are loaded is made ready meanwhile."""
    place = elsewhere(implementation)
    try:
        yield Reloads(implementation, place)
    finally:
        place.close()


def with_resumption(finding: Finding, found: Resumption) -> Finding:
    """The finding with it; `nearest` is the formula that an uninterrupted run has."""
    if (seen := finding.ground.looked_at) is not None:
        finding = replace(finding, ground=replace(finding.ground, looked_at=replace(seen, reloaded=found.runs > 0)))
    fitting = finding.diagnosis.found
    undecided = finding.verdict == Conformance.SKIPPED and fitting  # the formula fits, though too few claims decide: a loss is a loss all the same
    if not found.losses or not (finding.verdict in (Conformance.CONFORMS, Conformance.VARIANT) or undecided):
        return replace(finding, resumption=found)
    edited = next((a.name for a in fitting if a.edit is not None), None)
    nearest = edited or " or ".join(finding.diagnosis.matches or [a.model.rule.name for a in fitting])
    diagnosis = replace(finding.diagnosis, matches=(), nearest=nearest)
    return replace(finding, verdict=Conformance.DEVIATES, diagnosis=diagnosis, reason=None, resumption=found)
