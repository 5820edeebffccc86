"""Judging what an implementation saves: runs are cut in two, a fresh object goes on, and what is lost gets its name.

It must go on with the same bits. Where it does not, the exact continuation says whether rounding may have done that (a copy of
more precision that is not saved), and which loss explains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.resume.hypotheses import hypotheses
from refopt.conformance.diagnose.resume.ignored import ignored
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Hyper, Model
from refopt.conformance.judge.resume.cut import Cut, cuts, differences
from refopt.conformance.judge.resume.loss import Loss, Narrowed, Refused, Reset, Resumption, Unknown, What
from refopt.conformance.judge.resume.replay import Continued, Mask, Start, apart, compare, follow, in_its_format, plausible, start
from refopt.conformance.judge.summary import Difference
from refopt.conformance.protocol.implementation import Answer, Implementation, NoAnswer, Ran, View
from refopt.conformance.protocol.observe import Observation, comes_and_goes
from refopt.conformance.protocol.reason import Reason, Why
from refopt.conformance.protocol.saved import NotSaved
from refopt.conformance.verdict.format_verdict import Finding
from refopt.conformance.verdict.resume.elsewhere import Elsewhere
from refopt.golden.description import Name
from refopt.rounding.formats import FORMATS, Format

FEW = 3
"""Continued runs that rule hypotheses out before all of them are looked at."""


@dataclass(frozen=True)
class Parted:
    """A continued run that has other bits than the uninterrupted one, and the first of them."""

    cut: Cut
    continued: Ran
    first: Difference


def resumption(implementation: Implementation, finding: Finding, elsewhere: Elsewhere, begun: Sequence[Cut] = ()) -> Resumption:
    """Result of saving and loading in one format. `begun`: the runs that were handed over before."""
    if not implementation.resumes:
        return Resumption(skipped=Reason(Why.SAYS_IT_DOES_NOT_RESUME))
    evidence = finding.evidence
    if evidence is not None and evidence.mode == Mode.CLOSED_LOOP:
        return Resumption(skipped=Reason(Why.NO_CLOSED_LOOP_CUT))
    if evidence is None:
        return Resumption(skipped=Reason(Why.NO_RUN_CUT))
    found = cuts(evidence.observations)
    if not found:
        return Resumption(skipped=_why_nothing(evidence.observations))
    if len(begun) == len(found) and all(a.observation is b.observation for a, b in zip(begun, found, strict=True)):
        found = list(begun)
    answers = elsewhere.run([c.rest for c in found])
    parted, refused, runs = [], [], 0
    for cut, answer in zip(found, answers, strict=True):
        if isinstance(answer, Ran):
            runs += 1
            if (first := next(differences(cut, answer), None)) is not None:
                parted.append(Parted(cut, answer, first))
        elif isinstance(answer, NoAnswer):
            runs += 1
            refused.append((cut, answer))
    made = Resumption(runs, elsewhere.afresh, skipped=None if runs else _why(answers))
    losses = list(ignored(implementation, found, _formula(finding), evidence)) if runs else []
    if parted or refused:
        made, more = _lost(made, finding, evidence, parted, refused, elsewhere)
        losses = [*more, *losses]
    return replace(made, losses=tuple(losses))


def _why_nothing(observations: Sequence[Observation]) -> Name:
    reasons = [o.answer.saved.reason for o in observations if isinstance(o.answer, Ran) and isinstance(o.answer.saved, NotSaved)]
    return max(reasons, key=reasons.count) if reasons else Reason(Why.TOO_SHORT)


def _why(answers: Sequence[Answer]) -> Name:
    return next((a.reason for a in answers if not isinstance(a, Ran | NoAnswer)), Reason(Why.NOT_CONTINUED))


def _formula(finding: Finding) -> Model | None:
    """The formula that explains the uninterrupted runs; None where none does."""
    found = finding.diagnosis.found
    return found[0].model if found and isinstance(found[0].model, Model) else None


def _lost(
    made: Resumption, finding: Finding, evidence: Evidence, parted: Sequence[Parted], refused: Sequence[tuple[Cut, NoAnswer]], elsewhere: Elsewhere
) -> tuple[Resumption, list[Loss]]:
    """Losses in runs that differ after loading; none of a run that has other bits each time without loading, too."""
    again = elsewhere.anew()
    try:
        several = [p.cut for p in parted] + [c for c, _ in refused]
        repeated = again.run([replace(c.request, save=None) for c in several])
    finally:
        again.close()
    same = {id(c) for c, a in zip(several, repeated, strict=True) if isinstance(a, Ran) and not _differs(c, a)}
    parted, refused = [p for p in parted if id(p.cut) in same], [(c, a) for c, a in refused if id(c) in same]
    if not parted and not refused:
        return replace(made, skipped=Reason(Why.OTHER_BITS_ANYWAY)), []
    losses = [Loss(Refused(answer.message), cut.observation.case.id, cut.at) for cut, answer in refused[:1]]
    named, within = _named(finding, evidence, parted)
    return replace(made, within=within), [*losses, *named]


def _differs(cut: Cut, repeated: Ran) -> bool:
    whole = replace(cut, rest=cut.request)  # cut before the first update
    return next(differences(whole, repeated), None) is not None


def _named(finding: Finding, evidence: Evidence, parted: Sequence[Parted]) -> tuple[list[Loss], int]:
    """The loss that explains every run that parts by more than rounding may, and how many part by less."""
    if not parted:
        return [], 0
    model = _formula(finding)
    parted = [p for p in parted if not comes_and_goes(p.cut.request)] or parted  # of others nobody knows how they count
    if model is None or comes_and_goes(parted[0].cut.request):
        return [_unknown(parted)], 0
    model, f = replace(model, stored_in=None, stored=()), evidence.format
    views = evidence.views(model.rule)
    numbers = {o.case.id: i for i, o in enumerate(evidence.observations)}
    starts: list[tuple[Start, Hyper]] = []
    unclear: list[Parted] = []
    for p in parted:
        hyper = evidence.hypers(model.rule)[numbers[p.cut.observation.case.id]]
        of_it = [start(p.cut, k, p.continued, model, hyper, views, f) for k in range(len(p.cut.middle.theta))]
        starts += [(s, hyper) for s in of_it if s is not None]
        if all(s is None for s in of_it):
            unclear.append(p)
    for strict in (False, True):  # with the bounds of theta's format; then with those of the states' own, where only a loss counts
        trials = _trials([(s if strict else in_its_format(s, f), hyper) for s, hyper in starts], model, f)
        if any(t.failing.any() for t in trials):
            what = _explaining(trials, model, f, evidence, [p.cut for p in parted], narrowings=strict)
            if what is not None:
                return [_loss(what, parted, trials, model, f)], 0
            if not strict:
                return [_unknown([p for p in parted if any(t.start.cut is p.cut and t.failing.any() for t in trials)])], 0
    if changed := _other_formats(parted, views, f):
        return [changed], 0
    return ([_unknown(unclear)], 0) if unclear else ([], len(parted))


def _unknown(parted: Sequence[Parted]) -> Loss:
    p = next((p for p in parted if p.first.place.variable == "theta"), parted[0])
    return Loss(Unknown(), p.cut.observation.case.id, p.cut.at, first=p.first)


def _other_formats(parted: Sequence[Parted], views: Mapping[str, View], f: Format) -> Loss | None:
    """State variables that are shown in another format after loading."""
    for p in parted:
        before, after = p.cut.middle.state, p.continued.after[0].state
        for name, view in views.items():
            for a, b in zip(before, after, strict=True):
                if view.buffer in a and view.buffer in b and a[view.buffer].dtype != b[view.buffer].dtype:
                    narrow = FORMATS.get(b[view.buffer].dtype.name)
                    if narrow is not None:
                        return Loss(Narrowed((name,), narrow, True), p.cut.observation.case.id, p.cut.at, first=p.first)
    return None


@dataclass(frozen=True)
class _Trial:
    """A start, the continuation without a loss, and the distinct elements that it does not fit."""

    start: Start
    hyper: Hyper
    reference: Continued
    failing: Mask


def _trials(starts: Sequence[tuple[Start, Hyper]], model: Model, f: Format) -> list[_Trial]:
    references = follow([(None, s, hyper) for s, hyper in starts], model, f)
    return [_Trial(s, hyper, made, ~compare(s, made).fits) for (s, hyper), made in zip(starts, references, strict=True)]


def _explaining(trials: Sequence[_Trial], model: Model, f: Format, evidence: Evidence, all_cuts: Sequence[Cut], *, narrowings: bool) -> What | None:
    """The first hypothesis that fits every element that fails, and is far from the run without a loss somewhere."""
    failing = [t for t in trials if t.failing.any()]
    every = hypotheses(model.rule, f, failing[0].start.formats if narrowings else {}, evidence.settings, all_cuts)
    t = failing[0]
    left = [what for what in every if not narrowings or isinstance(what, Narrowed)]
    left = [what for what in left if plausible(what, t.start, t.reference, t.failing, model, t.hyper, f)]
    anew = [what for what in left if isinstance(what, Reset)]  # what is met most, before all others are replayed
    for some in (anew, [what for what in left if not isinstance(what, Reset)]):
        fitting = _explains(_explains(some, failing[:FEW], model, f), failing, model, f)
        if fitting:
            return fitting[0]
    return None


def _explains(whats: Sequence[What], failing: Sequence[_Trial], model: Model, f: Format) -> list[What]:
    """The hypotheses that fit."""
    made = iter(follow([(what, t.start, t.hyper) for what in whats for t in failing], model, f))
    found = []
    for what in whats:
        runs = [(t, next(made)) for t in failing]
        if all(compare(t.start, x).fits[t.failing].all() for t, x in runs) and any(apart(t.start, t.reference, x)[t.failing].any() for t, x in runs):
            found.append(what)
    return found


def _loss(what: What, parted: Sequence[Parted], trials: Sequence[_Trial], model: Model, f: Format) -> Loss:
    """The loss, shown where theta differs."""
    there = [p for p in parted if any(t.start.cut is p.cut and t.failing.any() for t in trials)]
    first = next((p for p in there if p.first.place.variable == "theta"), there[0])
    made = follow([(what, t.start, t.hyper) for t in trials], model, f)
    partial = any((apart(t.start, t.reference, x) & ~t.failing).any() for t, x in zip(trials, made, strict=True))
    return Loss(what, first.cut.observation.case.id, first.cut.at, partial, first.first)
