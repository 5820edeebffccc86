"""Looks at an optimizer in several formats, two at a time where a second process helps: it judges one while the other is run. An optimizer
in a pair of processes is run in both at once.

Each format is explained after those before it, with what explained them as a hint; only what is seen may be seen earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from refopt.conformance.diagnose.not_taken import WithFixed
from refopt.conformance.judge.mode import Mode
from refopt.conformance.protocol.implementation import Implementation, Ran
from refopt.conformance.protocol.meanwhile import Meanwhile
from refopt.conformance.protocol.observe import Observation
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.look import Look, look
from refopt.frameworks.isolated.paired import Paired
from refopt.golden.description import Name
from refopt.golden.model import Case
from refopt.language.rule import Rule
from refopt.rounding.formats import Format


@dataclass
class Looks:
    """Looks in the given formats, in order.

    mode      how to look; the strongest way that the implementation allows where it is None
    observed  is told what was seen in a format of that name, and of which implementation, before any of it is judged
    """

    rule: Rule
    cases: Sequence[Case]
    formats: Sequence[Format]
    mode: Mode | None
    tell: Callable[[Name], None]
    observed: Callable[[str, Implementation, Sequence[Observation]], None]
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
        after = self._after(f)
        partner = None if self.mode == Mode.CLOSED_LOOP else partner_of(implementation)
        beside = None if after is None or partner is None else _Beside(self, after, partner)
        seen = self._looked(f, implementation)
        if after is not None and isinstance(seen, Look) and seen.evidence.begin():
            other = (beside.seen() if beside is not None else None) or self._looked(after, implementation)
            if isinstance(other, Look) and other.evidence.sees(self.rule):
                _ = other.evidence.by_reference  # judged here while the first is judged there
            self._early = after, implementation, other
        elif after is not None and beside is not None and (found := beside.seen()) is not None:
            self._early = after, implementation, found
        return seen

    def _looked(self, f: Format, implementation: Implementation) -> Look | Finding:
        return self._told(f, implementation, look(implementation, self.rule, self.cases, f, self.mode, self.tell))

    def _told(self, f: Format, implementation: Implementation, seen: Look | Finding) -> Look | Finding:
        if isinstance(seen, Look) and seen.visibility is not None:
            self.observed(f.name, implementation, [o for o in seen.observations if isinstance(o.answer, Ran)])
        return seen

    def _after(self, f: Format) -> Format | None:
        """The format after one; None after the last."""
        place = list(self.formats).index(f) + 1
        return self.formats[place] if place < len(self.formats) else None


class _Beside:
    """A look at a format in the other process of a pair, while the first one is looked at. It only runs and compares bits: nothing is computed in a thread."""

    def __init__(self, looks: Looks, f: Format, partner: Implementation) -> None:
        self.looks, self.format, self.partner = looks, f, partner
        self._look = Meanwhile(lambda: look(partner, looks.rule, looks.cases, f, looks.mode, lambda _: None))

    def seen(self) -> Look | Finding | None:
        """The look, which is told then; None where the process broke."""
        found = self._look.result()
        return None if getattr(self.partner, "broke", False) else self.looks._told(self.format, self.partner, found)


def partner_of(implementation: Implementation) -> Implementation | None:
    """The same implementation in the other process of a pair; None where it is in none."""
    if not isinstance(implementation, WithFixed):
        return implementation.partner if isinstance(implementation, Paired) else None
    inner = partner_of(implementation.implementation)
    return None if inner is None else replace(implementation, implementation=inner)
