"""Looks at an optimizer in several formats, two at a time where a second process helps: it judges one while the other is run.

Each format is explained after those before it, with what explained them as a hint; only what is seen may be seen earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from refopt.conformance.diagnose.not_taken import WithFixed
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.implementation import Implementation, Ran
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.look import Look, look
from refopt.golden.description import Name
from refopt.golden.model import Case
from refopt.language.rule import Rule
from refopt.rounding.formats import Format


@dataclass
class Looks:
    """Looks in the given formats, in order.

    mode      how to look; the strongest way that the implementation allows where it is None
    observed  is told what was seen in a format of that name, before any of it is judged
    """

    rule: Rule
    cases: Sequence[Case]
    formats: Sequence[Format]
    mode: Mode | None
    tell: Callable[[Name], None]
    observed: Callable[[str, Sequence[Observation]], None]
    _early: tuple[Format, Implementation, Look | Finding] | None = field(default=None, init=False)

    def at(self, f: Format, implementation: Implementation) -> Look | Finding:
        """The look at a format. What was seen early of another implementation is not used, unless that is the same one with other settings."""
        early, self._early = self._early, None
        if early is not None and early[0] == f:
            _, seen_of, known = early
            if seen_of is implementation:
                return known
            if isinstance(known, Look) and isinstance(implementation, WithFixed) and implementation.implementation is seen_of:
                return known.set_otherwise(implementation)
        seen = self._looked(f, implementation)
        if (after := self._after(f)) is not None and isinstance(seen, Look) and seen.evidence.begin():
            other = self._looked(after, implementation)
            if isinstance(other, Look) and other.evidence.sees(self.rule):
                _ = other.evidence.by_reference  # judged here while the first is judged there
            self._early = after, implementation, other
        return seen

    def _looked(self, f: Format, implementation: Implementation) -> Look | Finding:
        seen = look(implementation, self.rule, self.cases, f, self.mode, self.tell)
        if isinstance(seen, Look) and seen.visibility is not None:
            self.observed(f.name, [o for o in seen.observations if isinstance(o.answer, Ran)])
        return seen

    def _after(self, f: Format) -> Format | None:
        """The format after one; None after the last."""
        place = list(self.formats).index(f) + 1
        return self.formats[place] if place < len(self.formats) else None
