"""Named formulas that the answered cases cannot tell from the reference, where the reference fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refopt.catalogue.candidates import named
from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.exact_update import fraction
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.trajectory import Trajectory
from refopt.conformance.protocol.observe import Observation
from refopt.golden.model import expected_of, followed
from refopt.language.rule import Rule
from refopt.proof.same_formula import same_formula
from refopt.rounding.error_bounds import ErrorBounds
from refopt.rounding.formats import Format

TELLS_APART = 4
"""Two formulas are told apart by a case where they differ by more than so many bounds (as a mutant is killed)."""


def also_fitting(evidence: Evidence, expected: str | None) -> Iterator[str]:
    """Named formulas that the answered cases cannot tell from the reference, and that are not the same formula anyway."""
    rule, settings = evidence.reference, evidence.settings
    known = frozenset({*rule.hyper_names, *settings})
    if evidence.mode == Mode.CLOSED_LOOP:
        return
    given = any(o.case.expect for o in evidence.observations)
    for other in named(rule, known, False):
        if other.name != expected and same_formula(rule, other, evidence.hypers(rule), evidence.hypers(other)):
            continue
        if fits_what_was_seen(evidence, other) if not given else not any(tells_apart(evidence, i, other) for i in range(len(evidence.observations))):
            yield other.name


def fits_what_was_seen(evidence: Evidence, other: Rule) -> bool:
    """True where another rule explains what was seen as well: where a hyperparameter is fixed, no golden file says what is expected."""
    model = Model(other.name, other)
    return evidence.looks.misfit(model) <= 1 and fit.attempt(evidence, model).fits


def tells_apart(evidence: Evidence, number: int, other: Rule) -> bool:
    """True where a case shows a difference between the reference and another rule that is larger than rounding.

    Both run from the case's own start; theta is compared, and the state variables that the implementation shows as they are.
    """
    case = evidence.observations[number].case
    shown = {s for s, v in evidence.views(other).items() if v.sign == 1 and not v.times_lr}
    shown &= {s for s, v in evidence.views(evidence.reference).items() if v.sign == 1 and not v.times_lr}
    hyper = evidence.hypers(other)[number]
    for p in range(len(case.params)):
        updates = enumerate(_trajectory(other, evidence.observations[number], p, hyper, evidence.format))
        for step, exact, bounds in _reference(evidence, number, p):
            values = next(v for i, v in updates if i == step)  # as far as the first difference, and no farther
            for name in {"theta", *exact} & {"theta", *shown}:
                if name in values and _apart(values[name], exact[name], bounds[name]):
                    return True
    return False


Exact = tuple[int, Mapping[str, Sequence[Any]], Mapping[str, ErrorBounds]]
"""The place of an update in its run, the reference's exact values after it, and their bounds."""


def _reference(evidence: Evidence, number: int, p: int) -> Iterator[Exact]:
    """The golden file's expected values of a parameter in a case, with their bounds, in order; none where the file lists none."""
    o = evidence.observations[number]
    case = o.case
    kept = [(e.t - case.t0, e.params[p]) for e in expected_of(case, o.counting) if evidence.format.name in e.params[p].bound] if case.expect else []
    for i, x in sorted(kept, key=lambda one: one[0]):
        yield i, {"theta": x.theta, **x.state}, {n: ErrorBounds.parse(b) for n, b in x.bound[evidence.format.name].items()}


def _trajectory(rule: Rule, o: Observation, p: int, hyper: Hyper, f: Format) -> Iterator[Mapping[str, Sequence[Any]]]:
    """The values after every update that is followed from the start."""
    run = Trajectory.start(Model(rule.name, rule), o.case, p, hyper, o.counting)
    for step in range(followed(o.case)):
        if run.moves(step):
            run.advance(run.block(step, f))
        yield run.alive()


def _apart(values: Sequence[Any], wanted: Sequence[Any], allowed: ErrorBounds) -> bool:
    found = zip(values, wanted, allowed.exact(), strict=True)
    known = [(fraction(x), fraction(y), r) for x, y, r in found if x is not None and r is not None and y not in (None, "nan", "inf", "-inf")]
    return any(abs(x - y) > TELLS_APART * r for x, y, r in known)
