"""Hyperparameters that are taken otherwise than they were sent: `lr or 0.001` makes 0 the default, `min(lr, 1)` cuts a rate.

The formula is right, with other values. They are looked for where every failing update was sent such a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from fractions import Fraction
from typing import TypeAlias

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.edits import values_of
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.stale_elements import fails
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.summary import enough_claims
from refopt.conformance.protocol.observe import Observation
from refopt.golden.description import Description, several
from refopt.golden.model import Case
from refopt.language.expression import Kind
from refopt.language.hyper import Hyper

Telling: TypeAlias = Callable[[Sequence[Observation]], list[Observation]]

CAPS = ("10", "5", "2", "1", "0.9999", "0.999", "0.99", "0.95", "0.9", "0.5", "0.1", "0.01")
FLOORS = ("1e-12", "1e-10", "1e-08", "1e-07", "1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1", "0.5", "0.9", "1")
"""Values at which code cuts what it is given."""


class Cut(Enum):
    """Condition on the sent values that are taken as another one."""

    ZERO = auto()
    ABOVE = auto()
    BELOW = auto()


@dataclass(frozen=True)
class Taken(Description):
    """A hyperparameter some of whose values are taken as `value`: 0, those above it, or those below it."""

    hyper: str
    cut: Cut
    value: str
    is_default: bool = False

    def of(self, x: str) -> str:
        """The value that one is taken as."""
        return self.value if self.changes(float(x)) else x

    def changes(self, x: float | Fraction) -> bool:
        """True for a value that another is taken for."""
        return {Cut.ZERO: x == 0, Cut.ABOVE: x > float(self.value), Cut.BELOW: x < float(self.value)}[self.cut]

    def case(self, case: Case) -> Case:
        """The case, as if the other value had been sent."""
        return replace(case, hyper={**case.hyper, self.hyper: self.of(case.hyper[self.hyper])}) if self.hyper in case.hyper else case

    def told(self, o: Observation) -> Observation:
        """The observation, as if the other value had been sent."""
        case, request = self.case(o.case), o.request
        if request is not None and self.hyper == request.rate_name and request.lr is not None and case.lr is not None:
            rates = tuple(self.of(x) for x in case.lr)
            case, request = replace(case, lr=rates), replace(request, lr=tuple(float(x) for x in rates))
        if request is not None and self.hyper in request.courses and self.hyper in case.courses:
            row = tuple(self.of(x) for x in case.courses[self.hyper])
            case = replace(case, courses={**case.courses, self.hyper: row})
            request = replace(request, courses={**request.courses, self.hyper: tuple(float(x) for x in row)})
        return replace(o, case=case, request=request)


def taken_otherwise(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[tuple[Description, Telling]]:
    """Substitutes for the values in force, with the observations as if they had been sent: hyperparameters at 0 together, each cut by itself."""
    failing = [j for j in judged if fails(j).any()]
    if not failing:
        return
    zeros = _zeros(evidence, failing)
    if zeros:
        yield several(tuple(zeros)), _telling(zeros)
    real = [h for h in evidence.reference.hyper if h.symbol.kind is Kind.REAL]
    for h in real:
        sent = [x for j in failing if (x := _in_force(evidence, j, h.name)) is not None]
        if len(sent) == len(failing):
            cuts = (*(Taken(h.name, Cut.ABOVE, c) for c in CAPS), *(Taken(h.name, Cut.BELOW, c) for c in FLOORS))
            every = [x for of in evidence.hypers(evidence.reference) if (x := of.get(h.name)) is not None]
            for cut in cuts:  # one that changes every value there is makes a constant of it, which is another edit
                if all(cut.changes(x) for x in sent) and not all(cut.changes(x) for x in every):
                    yield cut, _telling([cut])


def _in_force(evidence: Evidence, j: Judged, name: str) -> Fraction | None:
    if name in evidence.reference.at_rate(None) and j.update.lr is not None:
        return j.update.lr
    if name in j.update.moved:
        return j.update.moved[name]
    return evidence.hypers(evidence.reference)[j.update.case].get(name)


def _telling(edits: Sequence[Taken]) -> Telling:
    """A function that puts other values in force in observations."""

    def told(observations: Sequence[Observation]) -> list[Observation]:
        for edit in edits:
            observations = [edit.told(o) for o in observations]
        return list(observations)

    return told


def _zeros(evidence: Evidence, failing: Sequence[Judged]) -> list[Taken]:
    """A substitute for each hyperparameter that is 0 where something fails; none unless they explain every failing case."""
    cases: dict[str, set[int]] = {}
    for j in failing:
        at_zero = [h.name for h in evidence.reference.hyper if h.symbol.kind is Kind.REAL and _in_force(evidence, j, h.name) == 0]
        if not at_zero:
            return []
        for name in at_zero:
            cases.setdefault(name, set()).add(j.update.case)
    found: list[Taken] = []
    explained: set[int] = set()
    for h in evidence.reference.hyper:
        edit = _zero(evidence, h, frozenset(cases[h.name])) if h.name in cases else None
        if edit is not None:
            found.append(edit)
            explained |= cases[h.name]
    return found if explained >= {j.update.case for j in failing} else []


def _zero(evidence: Evidence, h: Hyper, cases: frozenset[int]) -> Taken | None:
    """The value that explains the cases in which a hyperparameter is 0."""
    for value, is_default in defaults_of(h, evidence.settings).items():
        edit = Taken(h.name, Cut.ZERO, value, is_default)
        told = evidence.with_observations(_telling([edit])([evidence.observations[i] for i in sorted(cases)]))
        model = Model(edit, evidence.reference)
        if told.looks.misfit(model) <= 1:
            attempt = fit.attempt(told, model)
            if attempt.fits and enough_claims(attempt.results):
                return edit
    return None


def defaults_of(h: Hyper, settings: Mapping[str, float]) -> dict[str, bool]:
    """The values that 0 may be taken as, and whether each is a default: the implementation's own, the rule's, usual ones."""
    own = [repr(float(settings[h.name]))] if settings.get(h.name) else []
    values = dict.fromkeys([*own, *(v for v in (*values_of(h), *FLOORS) if float(v) != 0)], False)
    return {v: v in (*own, h.default) for v in values}
