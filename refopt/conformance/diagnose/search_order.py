"""The order of the search, level by level: nothing of a level is tried before all of the one above it failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from refopt.catalogue.candidates import named, pairs, tied
from refopt.catalogue.derived_variants import carried_over
from refopt.catalogue.letters import letters
from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.attempt import Attempt, name_of
from refopt.conformance.diagnose.code_edits import code_edits
from refopt.conformance.diagnose.compound_edits import rule_slips
from refopt.conformance.diagnose.count_edits import counted_otherwise
from refopt.conformance.diagnose.decay_edits import decay_edits, multiplied_by_what_is_seen
from refopt.conformance.diagnose.dropped import dropped_terms
from refopt.conformance.diagnose.edits import Edit, edits, values_of
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.gradient_edits import GRADIENT_EDITS
from refopt.conformance.diagnose.group_edits import GroupEdit, group_edits
from refopt.conformance.diagnose.heavy_ball import in_open_loop
from refopt.conformance.diagnose.independent_edits import edits_apart
from refopt.conformance.diagnose.looks import COARSE
from refopt.conformance.diagnose.parts import in_a_part
from refopt.conformance.diagnose.precision_causes import Cause, causes
from refopt.conformance.diagnose.run_change import OtherDefault, RunChange
from refopt.conformance.diagnose.run_edits import RunEdit, applies, run_edits, with_shared_count
from refopt.conformance.diagnose.scale_factor import factor_edit, is_rounded
from refopt.conformance.diagnose.sent import Telling, taken_otherwise
from refopt.conformance.diagnose.shared_state import with_shared_state
from refopt.conformance.diagnose.sides import edits_of_both_sides
from refopt.conformance.diagnose.stale_elements import fails, without_the_untouched
from refopt.conformance.diagnose.two_at_once import Beside, length, run_beside_formula, two_of_the_run
from refopt.conformance.diagnose.twofold import twofold_edits
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.protocol.observe import Observation
from refopt.errors import RefoptError
from refopt.golden.change import Change
from refopt.golden.change import Kind as Changed
from refopt.golden.description import Description, Name, Within
from refopt.golden.model import CaseKind
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule


@dataclass(frozen=True)
class Trial:
    """Something to try.

    edit      what was edited, where it is an edit; `nearest` is the formula that was edited
    evidence  what was seen, told otherwise (an edit of the run)
    attempt   the result, where it is already known
    formula   what is tried, without what the cause has put into it
    """

    cause: Cause
    edit: Description | None = None
    nearest: str | None = None
    evidence: Evidence | None = None
    attempt: Attempt | None = None
    formula: Rule | None = None

    @property
    def name(self) -> Name:
        """Name of an attempt at it; of several causes that fit one formula, the first, which is the most particular, is enough."""
        return name_of(self.cause.model.name, self.edit, self.nearest)


def _decays(evidence: Evidence) -> bool:
    """True where weights decay that do not in the reference."""
    return any(evidence.settings.get(name) for name in letters(Role.WEIGHT_DECAY)) and not evidence.reference.of_role(Role.WEIGHT_DECAY)


def _variants(evidence: Evidence) -> tuple[Rule, ...]:
    rule = evidence.reference
    return named(rule, frozenset({*rule.hyper_names, *evidence.settings}), _decays(evidence))


def named_levels(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[list[Trial]]:
    """Variants; two combined; the reference with a cause of reduced precision; a variant with one. They are tried whatever the time.

    `judged` is everything compared with the reference.
    """
    rule, decays, variants = evidence.reference, _decays(evidence), _variants(evidence)
    known = frozenset({*rule.hyper_names, *evidence.settings})
    if _kinds_that_fail(evidence, judged) == {CaseKind.DEFAULTS}:
        return
    yield [Trial(Cause(None, Model(r.name, r))) for r in variants]
    yield [Trial(Cause(None, Model(r.name, r))) for r in (*pairs(rule, decays), *tied(rule, known))]
    if evidence.mode == Mode.CLOSED_LOOP:
        return
    yield [*_kept_otherwise(evidence), *_with_causes(evidence, [rule])]
    yield _with_causes(evidence, variants)


def edit_levels(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[list[Trial]]:
    """An edit of the run; one edit of the reference; a variant with one edit; one mistake in two places; the slips, which are edits too,
    of the reference, and the edits of code; an edit that holds in a part, or one in the first update and one in the others; two edits at once
    of which one is of the run; slips and edits of code of variants; a decay or a factor at another place; two variants combined, with one
    edit; an edit in each assignment that fails; one edit or slip with a cause. Where defaults alone fail, other defaults.

    Making a level may take long: it is a part of the search.
    """
    rule, decays, variants = evidence.reference, _decays(evidence), _variants(evidence)
    if _kinds_that_fail(evidence, judged) == {CaseKind.DEFAULTS}:
        yield [t for h in rule.hyper for value in values_of(h) for t in _default(evidence, h, value)]
        return
    if evidence.mode == Mode.CLOSED_LOOP:
        return
    own = [r for r in variants if r.family == rule.family or r in carried_over(rule)]
    yield [*_otherwise(evidence, rule, judged), *_run_edits(evidence, rule, judged)]
    yield _edits(evidence, [rule])
    yield [*(t for r in own for t in _run_edits(evidence, r, judged)), *_edits(evidence, own)]
    yield _of(twofold_edits(rule))
    yield _slips([rule])
    yield _code_edits([rule])
    yield [Trial(Cause(None, model), a.edit, a.nearest, attempt=a) for model, a in in_a_part(evidence, judged)]
    yield _of(edits_of_both_sides(evidence, judged))
    yield [*_of(decay_edits(rule)), *_of(multiplied_by_what_is_seen(evidence, rule, fit.sample(evidence, judged)))]
    yield _two_at_once(evidence, judged)
    yield _slips(own)
    yield _code_edits(own)
    yield [t for r in own for t in _of(decay_edits(r))]
    yield _edits(evidence, pairs(rule, decays))
    yield [t for r in (rule, *own) for t in _of(edits_apart(evidence, r))]
    yield _edits_with_causes(evidence, [rule, *own])


def _kept_otherwise(evidence: Evidence) -> list[Trial]:
    """The reference with another state of the same meaning, where that is not seen."""
    cause = in_open_loop(evidence)
    return [] if cause is None else [Trial(cause, formula=evidence.reference)]


def dropped(evidence: Evidence) -> list[Trial]:
    """The reference without one of its terms: such an edit comes before any cause that would excuse it."""
    rule = evidence.reference
    return _of(dropped_terms(rule, in_force(rule, {}, evidence.settings), evidence.format))


def _with_causes(evidence: Evidence, rules: Sequence[Rule]) -> list[Trial]:
    return [t for r in rules for t in with_causes(evidence, Model(r.name, r))]


def with_causes(evidence: Evidence, model: Model) -> Iterator[Trial]:
    """The causes for one formula; one quick look with coarse scalars rules out all of those that make scalars no coarser."""
    looks: dict[float, float] = {}
    for cause in causes(model, in_force(model.rule, {}, evidence.settings), evidence.format, evidence.formats_seen):
        if cause.excuses and not evidence.has_broken_values:
            continue
        if cause.scalar and cause.scalar not in looks:
            looks[cause.scalar] = evidence.looks.misfit(model, scalar=cause.scalar)
        far = looks.get(cause.scalar, 0.0)
        yield Trial(cause, formula=model.rule, attempt=Attempt(cause.model, (), False, cause.of, distance=far) if far > 1 else None)


def _kinds_that_fail(evidence: Evidence, judged: Sequence[Judged]) -> set[CaseKind]:
    """The kinds of the cases in which the reference fails. Where only `defaults` does, the formula is right and a default is not."""
    return {evidence.observations[j.update.case].case.kind for j in judged if any((r > 1).any() for r in j.ratio.values())}


def _default(evidence: Evidence, h: Hyper, value: str) -> Iterator[Trial]:
    """Another default of a hyperparameter in force, where nothing was sent."""
    try:
        h.value(value)
    except RefoptError:  # outside the domain: no default
        return
    change = OtherDefault(h.name, value, h.default)
    observations = [
        replace(o, case=replace(o.case, hyper_expected={**o.case.hyper_expected, h.name: value})) if o.case.hyper_expected else o for o in evidence.observations
    ]
    told = replace(evidence, observations=observations, settings={n: x for n, x in evidence.settings.items() if n != h.name})
    rule = evidence.reference
    with_it = replace(rule, hyper=tuple(replace(x, default=value) if x.name == h.name else x for x in rule.hyper))
    yield Trial(Cause(None, Model(change, with_it)), change, rule.name, told)


def _of(found: Iterable[Edit]) -> list[Trial]:
    return [Trial(Cause(None, Model(e.change, e.rule, edited=True)), e.change, e.of) for e in found]


def _edits(evidence: Evidence, rules: Sequence[Rule]) -> list[Trial]:
    return [*_of(e for r in rules for e in edits(r)), *(t for r in rules for t in _read_off(evidence, r))]


def _read_off(evidence: Evidence, rule: Rule) -> list[Trial]:
    """The step times a number that is read off; where that is a short number but for the rounding of a coarse scalar, what that may be."""
    exact = factor_edit(evidence, rule)
    if exact is None:
        return []
    coarse = factor_edit(evidence, rule, COARSE)
    if coarse is None or not is_rounded(exact, coarse):
        return _of([exact])
    return _edits_with_causes(evidence, [rule]) or _with_causes_of(evidence, coarse)


def _slips(rules: Sequence[Rule]) -> list[Trial]:
    return _of(e for r in rules for e in rule_slips(r))


def _code_edits(rules: Sequence[Rule]) -> list[Trial]:
    return _of(e for r in rules for e in code_edits(r))


def _two_at_once(evidence: Evidence, judged: Sequence[Judged]) -> list[Trial]:
    """Two edits of the run, or one of it beside one of the formula."""
    failing = _failing(evidence, judged)
    of_the_run = [_of_the_run(evidence, x.change, evidence.reference, x.told, failing) for x in two_of_the_run(failing)]
    return [*of_the_run, *(_beside(evidence, x, failing) for x in run_beside_formula(evidence, judged))]


def _beside(evidence: Evidence, x: Beside, failing: Sequence[Observation]) -> Trial:
    rule = evidence.reference if x.formula is None else x.formula.rule
    return replace(_of_the_run(evidence, x.change, rule, x.told, failing), nearest=evidence.reference.name)


def _failing(evidence: Evidence, judged: Sequence[Judged]) -> list[Observation]:
    """The cases in which something fails."""
    return [evidence.observations[i] for i in sorted({j.update.case for j in judged if fails(j).any()})]


def _run_edits(evidence: Evidence, rule: Rule, judged: Sequence[Judged]) -> Iterator[Trial]:
    """A wrong count of updates; a wrong rate; other gradients; one count for all tensors: those that change a failing run."""
    failing = _failing(evidence, judged)
    own = rule == evidence.reference
    every: list[RunEdit | GroupEdit] = [*run_edits(failing), *group_edits(failing)]
    found: list[tuple[Description, Telling]] = [(edit.change, edit.of) for edit in every if applies(edit, failing)]
    found += [(edit.change, edit.of) for edit in GRADIENT_EDITS if edit.means_something_of(rule) and edit.applies(failing, every=own)]
    for change, told in found:
        yield _of_the_run(evidence, change, rule, told, failing)
    several = any(o.request is not None and (len(o.request.theta0) > 1 or o.request.t0 > 1) for o in failing)
    shared = with_shared_count(rule, evidence.observations) if several else None
    if shared is not None:
        yield Trial(Cause(None, Model(RunChange.ONE_COUNT, shared[0])), RunChange.ONE_COUNT, rule.name, replace(evidence, observations=shared[1]))


SHORTEST = 3
"""Number of failing cases, the shortest, with which an edit of the run is tried first."""


def _of_the_run(evidence: Evidence, change: Description, rule: Rule, told: Telling, failing: Sequence[Observation]) -> Trial:
    """An edit of the run, ruled out where it does not explain some of what fails."""
    model = Model(change, rule)
    shortest = sorted(failing, key=length)[:SHORTEST]
    few = evidence.with_observations(told(shortest)).looks.misfit(model)
    if few > 1:
        return Trial(Cause(None, model), change, rule.name, attempt=Attempt(model, (), False, None, change, rule.name, few))
    return Trial(Cause(None, model), change, rule.name, evidence.with_observations(told(evidence.observations)))


def _otherwise(evidence: Evidence, rule: Rule, judged: Sequence[Judged]) -> Iterator[Trial]:
    """Hyperparameters that are taken otherwise, a counter that goes wrong, elements that are never updated."""
    failing = _failing(evidence, judged)
    for taken, telling in taken_otherwise(evidence, judged):
        yield _of_the_run(evidence, taken, rule, telling, failing)
    for counter, told in counted_otherwise(evidence, [i for i, j in enumerate(judged) if fails(j).any()]):
        yield Trial(Cause(None, Model(counter, rule)), counter, rule.name, told)
    for model, attempt in with_shared_state(evidence, judged):
        yield Trial(Cause(None, model), attempt.edit, attempt.nearest, attempt=attempt)
    left = without_the_untouched(evidence.observations, judged)
    if left is not None:
        still = Within(left[1], Change(Changed.THETA_STAYS))
        model = Model(still, rule)
        rest = fit.summary(evidence, left[0])
        yield Trial(Cause(None, model), still, rule.name, attempt=Attempt(model, rest, True, None, still, rule.name, where=left[1]))


def _edits_with_causes(evidence: Evidence, rules: Sequence[Rule]) -> list[Trial]:
    """Edits that may be right if something is less precise besides: those that are not ruled out even with coarse scalars."""
    found = []
    for rule in rules:
        for e in (*edits(rule), *rule_slips(rule), *code_edits(rule)):
            if evidence.looks.coarse(Model(e.change, e.rule)) <= 1:
                found += _with_causes_of(evidence, e)
    return found


def _with_causes_of(evidence: Evidence, edit: Edit) -> list[Trial]:
    return [replace(t, edit=edit.change, nearest=edit.of) for t in with_causes(evidence, Model(edit.change, edit.rule, edited=True))]
