"""Search for the formula that explains the observations. The first level at which one fits wins; nothing is guessed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain

from refopt.conformance.diagnose import fit
from refopt.conformance.diagnose.also_fits import also_fitting
from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.budget import SearchIsOver
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.failing_regions import Where
from refopt.conformance.diagnose.fit import FEW
from refopt.conformance.diagnose.late_edits import late_edits
from refopt.conformance.diagnose.looks import COARSE
from refopt.conformance.diagnose.moments import When
from refopt.conformance.diagnose.parts import area_of
from refopt.conformance.diagnose.precision_causes import Cause
from refopt.conformance.diagnose.search_order import Trial, dropped, edit_levels, named_levels, with_causes
from refopt.conformance.diagnose.whole_tensor import WholeTensor, whole_tensor
from refopt.conformance.diagnose.worth import FITTED, explains_something, may_explain, particular
from refopt.conformance.judge.deciding import Deciding
from refopt.conformance.judge.mode import Mode
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.summary import enough_claims
from refopt.errors import NotImplementedYet
from refopt.golden.change import Change
from refopt.golden.change import Kind as Changed
from refopt.golden.description import Description, Name
from refopt.language.expression import Expression, operation
from refopt.language.rule import Rule
from refopt.proof.same_formula import same_formula

NEAR = 1000
"""The next best formula is told where it misses by no more than so many bounds, and takes no hyperparameter that is not there: else it teaches nothing."""
CLOSE = 2
"""Number of formulas ruled out by the prefilter that are measured exactly, to say by how much the next best misses."""


def _nothing() -> None:
    """The nearest of no formulas."""


@dataclass(frozen=True)
class Explanation:
    """Result of the search for an explanation in one format.

    reference   how well the reference fits
    found       what fits, on the first level where anything does: several only where they cannot be told apart
    tried       how many formulas were tried in vain
    find        finds which of those fits best: that may take longer than all before it, and most screens do not show it
    also_fits   where the reference fits: other named formulas that the cases cannot tell from it
    deciding    how many claims beside the reference decide
    stopped     where the search ended because its time was up: how far it had come
    observed    where nothing fits: one factor for each whole tensor, which no formula of elements has
    area        where nothing fits: some elements or updates to which everything that fails belongs, and nothing that is right
    """

    reference: Attempt
    found: tuple[Attempt, ...]
    tried: int = 0
    find: Callable[[], Attempt | None] = field(default=_nothing, compare=False, repr=False)
    also_fits: tuple[str, ...] = ()
    deciding: Deciding = field(default_factory=Deciding)
    stopped: Stopped | None = None
    observed: WholeTensor | None = None
    area: Where | When | None = None

    @property
    def closest(self) -> Attempt | None:
        """The formula of those tried in vain that fits best; found when it is first asked for."""
        return self.find()

    @property
    def is_too_close(self) -> bool:
        """True where nothing is named because the reference is off by so little that many a formula would fit."""
        return not self.found and 1 < self.reference.ratio <= FITTED


@dataclass(frozen=True)
class Stopped:
    """A search whose time was up: its seconds, and at least how many formulas were left."""

    seconds: float
    left: int


@dataclass(frozen=True)
class Search:
    """A search: the evidence, and what the order of trials depends on.

    sample    the updates that speak most clearly against the reference; `clearest`, what was seen of them alone
    expected  a variant that is wished for: preferred among several that fit
    hint      what explained a more precise format: tried first, and preferred too
    begins    is called before the search for an edit, when no named formula explains what was seen
    judged    everything beside the reference, which is `off` by so many bounds at worst
    """

    evidence: Evidence
    judged: Sequence[Judged]
    off: float
    sample: Sequence[int]
    expected: str | None
    hint: tuple[Explanation, ...]
    tell: Callable[[Name], None]
    begins: Callable[[], None]

    @cached_property
    def clearest(self) -> Evidence:
        """The evidence of the sample alone: a formula that it rules out need not be compared with the rest."""
        return self.evidence.with_updates([self.evidence.updates[i] for i in self.sample])

    def rules_out(self, cause: Cause, *, coarse: bool) -> float:
        """Misfit of a formula in the sample, by the prefilter; 0 where its state is not seen."""
        rule = cause.model.rule
        if not isinstance(rule, Rule) or not self.sample or not self.evidence.sees(rule) or not self.clearest.sees(rule):
            return 0.0
        looks = self.clearest.looks
        return looks.misfit(cause.model, scalar=COARSE, element=cause.element) if coarse else looks.misfit(cause.model, element=cause.element)


def explain(
    evidence: Evidence,
    expected: str | None = None,
    tell: Callable[[Name], None] = lambda _: None,
    hint: tuple[Explanation, ...] = (),
    first: Callable[[Explanation], None] = lambda _: None,
) -> Explanation:
    """Look for an explanation, level by level.

    expected  a variant that is wished for: preferred among several that fit
    tell      is told what is being tried, for a progress line
    hint      what explained a more precise format of the same implementation: it is tried before everything else
    first     is told what is known before the search for an edit begins: that the reference does not fit, nor any named formula
    """
    model = Model(evidence.reference.name, evidence.reference)
    judged = evidence.by_reference
    reference = Attempt(model, fit.summary(evidence, judged), True)
    counted = fit.counted(evidence, judged)
    if reference.fits:
        return Explanation(reference, (reference,), also_fits=tuple(also_fitting(evidence, expected)), deciding=counted)
    if not any(not r.fits for r in reference.results):
        return Explanation(reference, (reference,), deciding=counted)
    if fit.fails_late_only(evidence, judged):  # whatever is told of the formula, or of precision, would show before
        late = late_edits(evidence, judged)
        return Explanation(reference, late, deciding=counted, area=None if late else area_of(evidence, judged))
    begins = cache(lambda: first(Explanation(reference, (), deciding=counted)))
    search = Search(evidence, judged, reference.ratio, fit.sample(evidence, judged), expected, hint, tell, begins)
    found, in_vain, stopped = _searched(search, judged)
    found = found or late_edits(evidence, judged)
    observed, area = (None, None) if found else (whole_tensor(evidence), area_of(evidence, judged))
    closest = cache(lambda: _closest(search, in_vain))
    return Explanation(reference, found, len(in_vain), closest, deciding=counted, stopped=stopped, observed=observed, area=area)


Searched = tuple[tuple[Attempt, ...], list[Attempt], Stopped | None]
"""Attempts that fit on the first level where any does, attempts in vain, and how far the search had come if its time was up."""


def _searched(search: Search, judged: Sequence[Judged]) -> Searched:
    """Level after level. Named formulas are tried whatever the time, edits as long as there is time."""
    in_vain: list[Attempt] = []
    budget = search.evidence.budget
    with_names, edited = chain(_hinted(search), named_levels(search.evidence, judged)), edit_levels(search.evidence, judged)
    while True:
        level, left = next(with_names, None), 0
        if level is not None:
            fitting = _level(search, level, in_vain)
        else:
            if not budget.seconds:
                return (), in_vain, Stopped(budget.seconds, 1)
            search.begins()
            with budget.running():
                try:
                    level = next(edited, None)
                except SearchIsOver:
                    return (), in_vain, Stopped(budget.seconds, 1)
                if level is None:
                    return (), in_vain, None
                fitting, left = _in_time(search, level, in_vain)
        if left:
            return (), in_vain, Stopped(budget.seconds, left)
        if fitting and all(a.edit is None and a.cause for a in fitting):
            fitting = _level(search, dropped(search.evidence), in_vain) or fitting
        if fitting:
            chosen = _alone(search, fitting)
            named = {a.name for a in chosen}  # with another cause, or none, it is no other formula
            return tuple(chosen), [a for a in in_vain if a.name not in named], None


def _is_told(search: Search, trial: Trial) -> bool:
    """True where a more precise format has told the formula, or the cause."""
    known = [a for e in search.hint for a in e.found if a.name == trial.name]
    return any(a.formula is not search.evidence.reference or a.cause == trial.cause.of for a in known)


def _may_explain(search: Search, trial: Trial) -> bool:
    """True where the reference is so far off that the trial may be named at all."""
    return may_explain(search.evidence.reference, search.off, trial.cause.model, trial.edit, of_the_run=_is_of_the_run(trial))


def _is_of_the_run(trial: Trial) -> bool:
    return trial.evidence is not None or trial.attempt is not None


def _explains(search: Search, trial: Trial, attempt: Attempt) -> bool:
    return explains_something(search.evidence, search.judged, search.off, attempt, of_the_run=_is_of_the_run(trial))


def _in_time(search: Search, level: Sequence[Trial], in_vain: list[Attempt]) -> tuple[list[Attempt], int]:
    """Attempts of a level that fit, and the number of its trials that were left when time was up.

    Of a level in which something fits all are tried, for as long again: a name is told only beside all others that fit as well.
    """
    fitting: list[Attempt] = []
    extended = False
    for i, trial in enumerate(level):
        for _ in range(2):
            try:
                _try(search, trial, fitting, in_vain)
                break
            except SearchIsOver:
                if extended or not fitting:
                    return [], len(level) - i
                search.evidence.budget.extend()
                extended = True
    return fitting, 0


def _level(search: Search, level: Sequence[Trial], in_vain: list[Attempt]) -> list[Attempt]:
    """Attempts of a level that fit."""
    fitting: list[Attempt] = []
    for trial in level:
        _try(search, trial, fitting, in_vain)
    return fitting


def _try(search: Search, trial: Trial, fitting: list[Attempt], in_vain: list[Attempt]) -> None:
    """Put what a trial gives to what fits, or to what was tried in vain."""
    if any(a.name == trial.name for a in fitting) or not (_is_told(search, trial) or _may_explain(search, trial)):
        return
    search.tell(trial.cause.of or trial.cause.model.name)
    attempt = _tried(search, trial, fitting)
    if attempt is None:
        fitting[:] = [_plainer(a, trial) for a in fitting]
    elif attempt.fits and enough_claims(attempt.results) and (_is_told(search, trial) or _explains(search, trial, attempt)):
        fitting.append(particular(search.evidence, search.judged, attempt, in_vain))
    else:
        in_vain.append(attempt)


def _hinted(search: Search) -> Iterator[list[Trial]]:
    """Formulas that explained a more precise format: plain, then with each cause."""
    if search.evidence.mode == Mode.CLOSED_LOOP:
        return
    found = [a for e in search.hint for a in e.found if a.formula is not None and a.formula is not search.evidence.reference]
    plain = [Trial(Cause(None, Model(a.model.name, a.formula)), a.edit, a.nearest) for a in found if a.formula is not None]
    if plain:
        yield plain
        yield [replace(trial, edit=t.edit, nearest=t.nearest) for t in plain for trial in with_causes(search.evidence, t.cause.model)]


def _plainer(known: Attempt, trial: Trial) -> Attempt:
    """The attempt to report among edits that make one formula: the one that flips the sign of the step, else the first."""
    if trial.edit is None or not flips_the_step(trial.edit):
        return known
    return replace(known, model=trial.cause.model, edit=trial.edit, nearest=trial.nearest, formula=trial.cause.model.rule)


def _is_the_same(search: Search, trial: Trial, fitting: Attempt) -> bool:
    """True where an edit makes the formula that another has made already, with the hyperparameters in force."""
    rule = fitting.model.rule
    if trial.edit is None or trial.cause.of or fitting.cause or trial.evidence is not None or not isinstance(rule, Rule):
        return False
    other = trial.cause.model.rule
    return same_formula(rule, other, search.evidence.hypers(rule), search.evidence.hypers(other))


def _tried(search: Search, trial: Trial, fitting: Sequence[Attempt]) -> Attempt | None:
    """Attempt at a trial: the prefilter first, which may rule it out, then the bound. None: it is the same formula as one that fits."""
    cause, evidence = trial.cause, trial.evidence or search.evidence
    if trial.attempt is not None:
        return trial.attempt
    plain_edit = trial.edit is not None and cause.of is None and trial.evidence is None
    distance = search.rules_out(cause, coarse=plain_edit) if trial.evidence is None else 0.0
    if distance > 1:
        return Attempt(cause.model, (), False, cause.of, trial.edit, trial.nearest, distance)
    distance = evidence.looks.coarse(cause.model) if plain_edit else 0.0  # ruled out once, with and without a cause
    distance = distance if distance > 1 else evidence.looks.misfit(cause.model, element=cause.element)
    if distance > 1:
        return Attempt(cause.model, (), False, cause.of, trial.edit, trial.nearest, distance)
    if any(_is_the_same(search, trial, a) for a in fitting):
        return None
    try:
        made = fit.attempt(evidence, cause.model, search.sample, cause.of)
    except NotImplementedYet:  # an edit may make a formula that has no bound: the root of a negative scalar, say
        return Attempt(cause.model, (), False, cause.of, trial.edit, trial.nearest, math.inf)
    formula = None if trial.evidence is not None else trial.formula or cause.model.rule
    return replace(made, edit=trial.edit, nearest=trial.nearest, formula=formula)


def _alone(search: Search, fitting: list[Attempt]) -> list[Attempt]:
    """Of formulas that are one and the same with the hyperparameters in force, whatever causes are put into them, the one with
    the fewest hyperparameters; of different ones, those that are not numbers where the implementation's values are none.

    What is wished for, or has explained a more precise format, stands alone where it fits.
    """
    for wished in (search.expected, *(a.name for e in search.hint for a in e.found)):
        if chosen := [a for a in fitting if a.name == wished]:
            return chosen
    groups: list[list[Attempt]] = []
    for attempt in fitting:
        for group in groups:
            a, b = (x.formula or x.model.rule for x in (group[0], attempt))
            assert isinstance(a, Rule) and isinstance(b, Rule)
            if same_formula(a, b, search.evidence.hypers(a), search.evidence.hypers(b)):
                group.append(attempt)
                break
        else:
            groups.append([attempt])
    chosen = [min(group, key=lambda a: len((a.formula or a.model.rule).hyper)) for group in groups]
    return chosen if len(chosen) == 1 else _with_its_classes(search, chosen)


def _with_its_classes(search: Search, fitting: list[Attempt]) -> list[Attempt]:
    """Of several formulas, those that give a number where the implementation does, and none where it does not.

    Where a divisor is zero no bound makes a claim; but a formula that would give a number there is not what was run.
    """
    counts = [search.evidence.looks.other_classes(a.model) if isinstance(a.model, Model) else 0 for a in fitting]
    return [a for a, n in zip(fitting, counts, strict=True) if n == min(counts)]


def flips_the_step(edit: Description) -> bool:
    """True where an edit is the sign of theta's update: what a person calls it, of all edits that make the same formula."""
    if not isinstance(edit, Change) or edit.kind is not Changed.PART or edit.where != "theta" or edit.form is not None or edit.also is not None:
        return False
    assert edit.before is not None and edit.after is not None
    return edit.before != edit.after and _as_sums(edit.before) == _as_sums(edit.after)


def _as_sums(node: Expression) -> Expression:
    """The tree with every difference as a sum."""
    args = [_as_sums(a) for a in node.args]
    return operation("add" if node.op == "sub" else node.op, *args, attribute=node.attribute) if args else node


def _closest(search: Search, in_vain: Sequence[Attempt]) -> Attempt | None:
    """The formula that misses by least; what a quick look ruled out is measured on the sample first.

    Formulas whose state is seen come first: one update says how far they miss, the others take whole runs. What came closest in
    a more precise format is measured too.
    """
    candidates = [a for a in in_vain if a.distance is not None and a.distance < math.inf and a.cause is None]
    candidates += [replace(e.closest, results=(), whole=False, distance=0.0) for e in search.hint if e.closest is not None and e.closest.cause is None]
    looked = sorted(candidates, key=lambda a: (not _seen(search, a), a.distance or 0.0))[:CLOSE]
    measured = [a for a in in_vain if a.distance is None]
    for a in looked:
        assert isinstance(a.model, Model)
        try:
            again = fit.attempt(search.evidence, a.model, search.sample[:FEW], a.cause, stop=True)
        except NotImplementedYet:  # what has no bound is near to nothing
            continue
        measured.append(replace(again, edit=a.edit, nearest=a.nearest))
    known = {*search.evidence.reference.hyper_names, *search.evidence.settings}
    near = (a for a in measured if 1 < a.ratio <= NEAR and set(a.model.rule.hyper_names) <= known)
    return min(near, key=lambda a: a.ratio, default=None)


def _seen(search: Search, attempt: Attempt) -> bool:
    rule = attempt.model.rule
    return isinstance(rule, Rule) and search.evidence.sees(rule)
