"""Which named formula explains what was seen. The first level at which one fits wins; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from refopt.conformance.candidates import named, pairs
from refopt.conformance.causes import Cause, causes
from refopt.conformance.evidence import Attempt, Evidence
from refopt.conformance.exact_update import fraction
from refopt.conformance.model import Hyper, Model, in_force
from refopt.conformance.same_formula import same_formula
from refopt.conformance.summary import enough_claims
from refopt.conformance.trajectory import Trajectory
from refopt.golden.model import Case
from refopt.language.rule import Rule
from refopt.rounding.bound import Profile
from refopt.rounding.formats import Format
from refopt.rounding.radius import Radii

TELLS_APART = 4
"""Two formulas are told apart by a case where they differ by more than so many bounds (as a mutant is killed)."""


Gates: TypeAlias = dict[tuple[str, Profile], Attempt]
"""Gates that were tried, by formula and profile."""


@dataclass(frozen=True)
class Explanation:
    """What explains an implementation in one format.

    reference   how well the reference fits
    found       what fits, on the first level where anything does: several only where they cannot be told apart
    tried       how many formulas were tried in vain
    closest     of those, the one that fits best
    also_fits   where the reference fits: other named formulas that the cases cannot tell from it
    """

    reference: Attempt
    found: tuple[Attempt, ...]
    tried: int = 0
    closest: Attempt | None = None
    also_fits: tuple[str, ...] = ()


def explain(evidence: Evidence, expected: str | None = None, tell: Callable[[str], None] = lambda _: None) -> Explanation:
    """Look for an explanation, level by level.

    expected  a variant that is wished for: preferred among several that fit
    tell      is told what is being tried, for a progress line
    """
    model = Model(evidence.reference.name, evidence.reference)
    judged = evidence.judge(model)
    reference = Attempt(model, evidence.summary(judged), True)
    if reference.fits:
        return Explanation(reference, (reference,), also_fits=tuple(also_fitting(evidence, expected)))
    if not any(not r.fits for r in reference.results):
        return Explanation(reference, (reference,))
    sample = evidence.sample(judged)
    in_vain: list[Attempt] = []
    for level in _levels(evidence):
        fitting = []
        gates: Gates = {}
        for cause in level:
            tell(f"{cause.model.name}: {cause.text}" if cause.text else cause.model.name)
            attempt = _through(evidence, cause, sample, gates)
            if attempt.fits and enough_claims(attempt.results):
                fitting.append(attempt)
            else:
                in_vain.append(attempt)
        if fitting:
            return Explanation(reference, tuple(_alone(evidence, _one_cause_each(fitting), expected)), len(in_vain), _closest(in_vain))
    return Explanation(reference, (), len(in_vain), _closest(in_vain))


def _through(evidence: Evidence, cause: Cause, sample: Sequence[int], gates: Gates) -> Attempt:
    """Try a cause: its gates first, each on the sample and once for all causes behind it."""
    for gate in cause.gates:
        key = (gate.name, gate.profile)
        if key not in gates:
            gates[key] = evidence.attempt(gate, sample, cause.text, stop=True)
        if gates[key].ratio > 1:
            return gates[key]
    return evidence.attempt(cause.model, sample, cause.text or None)


def _levels(evidence: Evidence) -> Iterator[list[Cause]]:
    """What to try, by level: variants, two combined (both without a cause), the reference with a cause, a variant with a cause."""
    rule, settings = evidence.reference, evidence.settings
    known = frozenset({*rule.hyper_names, *settings})
    decays = bool(settings.get("weight_decay")) and "weight_decay" not in rule.hyper_names
    variants = named(rule, known, decays)
    yield [Cause("", Model(r.name, r)) for r in variants]
    yield [Cause("", Model(r.name, r)) for r in pairs(rule, decays)]
    if evidence.mode == "closed_loop":
        return
    yield _causes(evidence, [rule])
    yield _causes(evidence, variants)


def _causes(evidence: Evidence, rules: Sequence[Rule]) -> list[Cause]:
    return [c for r in rules for c in causes(Model(r.name, r), in_force(r, {}, evidence.settings), evidence.format)]


def _one_cause_each(fitting: list[Attempt]) -> list[Attempt]:
    """Of several causes that fit one formula, the first: the most particular."""
    first: dict[str, Attempt] = {}
    for attempt in fitting:
        first.setdefault(attempt.model.name, attempt)
    return list(first.values())


def _alone(evidence: Evidence, fitting: list[Attempt], expected: str | None) -> list[Attempt]:
    """Of formulas that are one and the same with the hyperparameters in force, the one with the fewest hyperparameters."""
    groups: list[list[Attempt]] = []
    for attempt in fitting:
        for group in groups:
            a, b = group[0].model.rule, attempt.model.rule
            assert isinstance(a, Rule) and isinstance(b, Rule)
            if attempt.cause == group[0].cause and same_formula(a, b, evidence.hypers(a), evidence.hypers(b)):
                group.append(attempt)
                break
        else:
            groups.append([attempt])
    chosen = [min(group, key=lambda a: (a.model.name != expected, len(a.model.rule.hyper))) for group in groups]
    wished = [a for a in chosen if a.model.name == expected]
    return wished or chosen


def _closest(in_vain: Sequence[Attempt]) -> Attempt | None:
    return min((a for a in in_vain if a.ratio > 1), key=lambda a: a.ratio, default=None)


def also_fitting(evidence: Evidence, expected: str | None) -> Iterator[str]:
    """Named formulas that the answered cases cannot tell from the reference, and that are not the same formula anyway."""
    rule, settings = evidence.reference, evidence.settings
    known = frozenset({*rule.hyper_names, *settings})
    if evidence.mode == "closed_loop":
        return
    for other in named(rule, known, False):
        if other.name != expected and same_formula(rule, other, evidence.hypers(rule), evidence.hypers(other)):
            continue
        if not any(tells_apart(evidence, i, other) for i in range(len(evidence.observations))):
            yield other.name


def tells_apart(evidence: Evidence, number: int, other: Rule) -> bool:
    """Whether a case shows a difference between the reference and another rule that is larger than rounding.

    Both run from the case's own start; theta is compared, and the state variables that the implementation shows as they are.
    """
    case = evidence.observations[number].case
    shown = {s for s, v in evidence.views(other).items() if v.sign == 1 and not v.times_lr}
    shown &= {s for s, v in evidence.views(evidence.reference).items() if v.sign == 1 and not v.times_lr}
    hyper = evidence.hypers(other)[number]
    for p in range(len(case.params)):
        values = [dict(v) for v in _trajectory(other, case, p, hyper, evidence.format)]
        for expected in case.expect:
            golden = expected.params[p]
            bounds = golden.bound.get(evidence.format.name)
            if bounds is None:
                continue
            for name in {"theta", *golden.state} & {"theta", *shown}:
                wanted = golden.theta if name == "theta" else golden.state[name]
                if name in values[expected.t - case.t0] and _apart(values[expected.t - case.t0][name], wanted, Radii.parse(bounds[name])):
                    return True
    return False


def _trajectory(rule: Rule, case: Case, p: int, hyper: Hyper, f: Format) -> Iterator[Mapping[str, Sequence[Any]]]:
    run = Trajectory.start(Model(rule.name, rule), case, p, hyper)
    for step in range(len(case.grads)):
        if run.moves(step):
            run.advance(run.block(step, f))
        yield run.alive()


def _apart(values: Sequence[Any], wanted: Sequence[str], allowed: Radii) -> bool:
    found = zip(values, wanted, allowed.exact(), strict=True)
    known = [(fraction(x), Fraction(y), r) for x, y, r in found if x is not None and r is not None and y not in ("nan", "inf", "-inf")]
    return any(abs(x - y) > TELLS_APART * r for x, y, r in known)
