"""An unknown factor: steps that are all too long or too short by the same number, which is read off from what was seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from refopt.conformance.diagnose.edits import Edit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.prefilter import updated
from refopt.conformance.diagnose.running_error import Units
from refopt.conformance.judge.model import Model
from refopt.exact.digits import shortest_between
from refopt.golden.change import Change
from refopt.golden.change import Kind as Changed
from refopt.language.expression import literal, theta
from refopt.language.rule import Let, Rule

CLEAR = 8
"""Length of a step, in units of its rounding error, from which on it counts."""


SHORTER = 4
"""Digits that a number is shorter by, at least, where the one that was read off is that number with the error of a rounding in it."""


def factor_edit(evidence: Evidence, rule: Rule, coarse: float = 0.0) -> Edit | None:
    """The rule with its step times a number, if one number can be meant: the shortest decimal that all clear steps allow.

    coarse  relative error that the scalars of a step may have besides
    """
    last = rule.steps[-1]
    if last.name != "theta" or last.value.op != "sub" or last.value.args[0] != theta or not evidence.sees(rule):
        return None
    found = _interval(evidence, rule)
    if found is None or found[0] <= 1 <= found[1]:
        return None
    c = shortest_between(*(x * (1 + sign * Fraction(coarse) * (1 if x > 0 else -1)) for x, sign in zip(found, (-1, 1), strict=True)))
    step = last.value.args[1]
    edited = replace(rule, steps=(*rule.steps[:-1], Let(theta, theta - literal(c) * step, last.comment)))
    return Edit(Change(Changed.TIMES_AS_LONG, "theta", value=str(c)), edited, rule.name)


def is_rounded(exact: Edit, coarse: Edit) -> bool:
    """True where the factor that was read off exactly is a far shorter one, with the error of coarse scalars in it."""
    return _digits(exact) - _digits(coarse) >= SHORTER


def _digits(edit: Edit) -> int:
    return len(edit.change.value or "") if isinstance(edit.change, Change) else 0


def _interval(evidence: Evidence, rule: Rule) -> tuple[Fraction, Fraction] | None:
    """The factors that every clear step allows; None where there is none."""
    span = evidence.looks.single
    views, hypers = evidence.views(rule), evidence.hypers(rule)
    (scalars,) = span.scalars(Model(rule.name, rule), hypers, evidence.format)
    units = Units.of(evidence.format)
    with np.errstate(all="ignore"):
        known = span.start(rule, scalars, views, units) | span.given(0, scalars)
        ours = updated(rule, known, units, span.tensors)[0]["theta"]
        before = span.before["theta"]
        step, moved = ours.x - before, span.after[0]["theta"] - before
        open_by = ours.e + np.abs(moved) * float(evidence.format.u)
        clear = np.isfinite(step) & np.isfinite(moved) & (np.abs(step) > CLEAR * open_by)
        factor, slack = moved[clear] / step[clear], 2 * (1 + np.abs(moved[clear] / step[clear])) * open_by[clear] / np.abs(step[clear])
    if not clear.any() or not np.isfinite(factor).all() or not np.isfinite(slack).all():
        return None
    low, high = float((factor - slack).max()), float((factor + slack).min())
    return (Fraction(low), Fraction(high)) if 0 < low <= high or low <= high < 0 else None
