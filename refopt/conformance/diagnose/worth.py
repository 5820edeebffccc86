"""An explanation must explain something: what is named lies clear of the reference, not only close to what was seen.

Rounding that is a little larger than we know looks like some formula with a tiny term, if only enough constants are
tried. So a formula without a free constant is named only where it is more than 4 bounds from the reference somewhere in
the run; one whose constant was fitted or searched for only where the reference is off by 8 bounds, and it is 4 bounds
from the reference there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from refopt.conformance.diagnose.attempt import Attempt
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.exact_update import fraction, is_finite
from refopt.conformance.judge.model import Model, ScheduleModel, as_they_are
from refopt.conformance.judge.stepwise import Judged
from refopt.conformance.judge.updates import Numbers
from refopt.golden.description import Description
from refopt.language.rule import Rule
from refopt.rounding.bound import BINARY64_SCALARS
from refopt.rounding.error_bounds import ErrorBounds, ratios

CLEAR = 4
"""Least distance of an explanation from the reference somewhere in the run, in bounds (as a mutant is killed)."""
FITTED = 8
"""Least error of the reference, in bounds, with which a constant that was fitted or searched for is named."""
STRUCTURAL = frozenset({Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2)})
"""Sizes of numbers that belong to a formula's structure (a square, a sign, one step early): nobody has fitted them."""


def may_explain(reference: Rule, off: float, model: Model | ScheduleModel, edit: Description | None, *, of_the_run: bool = False) -> bool:
    """True where the reference is off by so much that a formula, or a cause, may be named at all."""
    if not isinstance(model, Model) or _is_cause(reference, model, edit):
        return True
    searched = edit is not None and not of_the_run and has_free_constant(model.rule, reference)
    return off > (FITTED if searched else CLEAR if of_the_run else CLEAR - 1)


def only_widens(reference: Rule, model: Model, edit: Description | None) -> bool:
    """True where a cause moves nothing: an order that amplifies, a narrower format that all values are numbers of. It need only fit."""
    return _is_cause(reference, model, edit) and model.scalars is as_they_are and _widens(model)


def _is_cause(reference: Rule, model: Model, edit: Description | None) -> bool:
    return edit is None and model.rule.name == reference.name and (model.scalars is not as_they_are or _widens(model))


def _widens(model: Model) -> bool:
    return model.profile != BINARY64_SCALARS or model.stored_in is not None or model.bound_in is not None or model.bounds is not None


def explains_something(evidence: Evidence, judged: Sequence[Judged], off: float, attempt: Attempt, *, of_the_run: bool = False) -> bool:
    """True where what fits may be named.

    judged      everything beside the reference, which is `off` by so many bounds at worst
    of_the_run  the edit is one of the run, not of the formula
    """
    model, reference = attempt.model, evidence.reference
    if not isinstance(model, Model) or of_the_run or only_widens(reference, model, attempt.edit):
        return True
    searched = attempt.edit is not None and has_free_constant(model.rule, reference)
    if not searched and off > CLEAR + 2:  # it lies within a bound of what was seen, or two
        return True
    found = farthest(evidence, judged, model, at_least=FITTED if searched else 0.0)
    return off > CLEAR + 1 if found is None else found > CLEAR


def particular(evidence: Evidence, judged: Sequence[Judged], attempt: Attempt, others: Sequence[Attempt]) -> Attempt:
    """The attempt, or, in place of a cause that only widens the bound, another that says what happened, though it changes too little.

    Such a cause must come to at most half as far from what was seen, wherever the reference fails.
    """
    if not isinstance(attempt.model, Model) or not only_widens(evidence.reference, attempt.model, attempt.edit):
        return attempt
    for other in others:
        model = other.model
        if isinstance(model, Model) and other.fits and other.edit is None and other.name == attempt.name and _comes_nearer(evidence, judged, model):
            return other
    return attempt


def _comes_nearer(evidence: Evidence, judged: Sequence[Judged], model: Model) -> bool:
    beside = {_key(j): j for j in evidence.judge(model)} if evidence.sees(model.rule) == evidence.sees(evidence.reference) else {}
    for ours in judged:
        for name, ratio in ours.ratio.items():
            for i in np.flatnonzero(ratio > 1).tolist():
                other = beside.get(_key(ours))
                theirs, exact, near = ours.theirs[name][i], ours.exact[name][i], None if other is None else other.exact[name][i]
                if exact is None or near is None or not is_finite(theirs):
                    return False
                if 2 * abs(fraction(theirs) - fraction(near)) > abs(fraction(theirs) - fraction(exact)):
                    return False
    return True


def has_free_constant(edited: Rule, reference: Rule) -> bool:
    """True where a formula has a number that the reference has not, other than those of structure."""
    return any(abs(x) not in STRUCTURAL for x in _numbers(edited) - _numbers(reference))


def _numbers(rule: Rule) -> set[Fraction]:
    return {node.value for let in rule.steps for node in let.value.walk() if node.op == "literal" and node.value is not None}


def farthest(evidence: Evidence, judged: Sequence[Judged], model: Model, *, at_least: float = 0.0) -> float | None:
    """Largest distance of a formula from the reference, in bounds of it, where the implementation is off by more than `at_least` of them.

    What a cause leaves open about its coefficients counts as well. None where the two cannot be set side by side.
    """
    if evidence.sees(model.rule) != evidence.sees(evidence.reference):
        return None
    beside = {_key(j): j for j in evidence.judge(model)}
    pairs = [(j, beside[_key(j)]) for j in judged if _key(j) in beside]
    if not pairs or any(len(a.update.inverse) != len(b.update.inverse) for a, b in pairs):
        return None
    widest = 0.0
    for ours, other in pairs:
        for name in ours.exact.keys() & other.exact.keys():
            far = _distance(ours, other, name, with_room=model.scalars is not as_they_are)
            far = far[(ours.ratio[name] > at_least) & ~np.isnan(far)]
            widest = max(widest, float(far.max(initial=0.0)))
    return widest


def _key(j: Judged) -> tuple[int, int, int]:
    return j.update.case, j.update.step, j.update.parameter


def _distance(ours: Judged, other: Judged, name: str, *, with_room: bool) -> Numbers:
    """|other - reference| in bounds of the reference; infinite where only one has a value, NaN where no claim is made."""
    a, b, allowed = ours.exact[name], other.exact[name], ours.allowed[name]
    result = np.full(len(a), np.nan)
    one_only = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if (x is None) != (y is None)]
    result[one_only] = np.inf
    both = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x is not None and y is not None]
    if both:
        result[both] = ratios([fraction(b[i]) for i in both], [a[i] for i in both], allowed[both])
        if with_room:
            result[both] += _room(other.allowed[name][both], allowed[both])
    return result


def _room(wide: ErrorBounds, narrow: ErrorBounds) -> Numbers:
    """By how many bounds the one is wider than the other."""
    found = [0.0 if a is None or not b else max(float(a / b) - 1, 0.0) for a, b in zip(wide.exact(), narrow.exact(), strict=True)]
    return np.array(found)
