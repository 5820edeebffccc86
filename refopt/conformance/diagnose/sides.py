"""The first update treated apart: one edit holds in it, and another one in all that follow (corrected by t - 1, say).

The two are looked for each by itself, in the updates that they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from refopt.conformance.diagnose.edits import Edit
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.independent_edits import edits_apart
from refopt.conformance.diagnose.moments import Span
from refopt.conformance.diagnose.parts import Part, edit_of
from refopt.conformance.diagnose.stale_elements import fails
from refopt.conformance.judge.model import Model
from refopt.conformance.judge.stepwise import Judged
from refopt.errors import RefoptError
from refopt.golden.description import Several, Within
from refopt.language.expression import Expression, equal, t, where
from refopt.language.rule import Let, Rule

FIRST, LATER = Span(1, 1), Span(2, None)


def edits_of_both_sides(evidence: Evidence, judged: Sequence[Judged]) -> Iterator[Edit]:
    """The reference with an edit in the first update and another one from the second on, where something fails on both sides."""
    rule = evidence.reference
    wrong = {span: any(span.holds(j.update.t) and fails(j).any() for j in judged) for span in (FIRST, LATER)}
    if not evidence.sees(rule) or not all(wrong.values()):
        return
    found: list[Edit] = []
    for span in (LATER, FIRST):
        part = Part(span, evidence.with_updates([u for u in evidence.updates if span.holds(u.t)]))
        edit = edit_of(part) or _apart(part)
        if edit is None:
            return
        found.append(edit)
    later, first = found
    if first.change == later.change:  # the same on both sides is no difference of sides
        yield later
        return
    made = _joined(rule, first.rule, later.rule)
    if made is not None:
        yield Edit(Several((Within(FIRST, first.change), Within(LATER, later.change))), made, rule.name)


def _apart(part: Part) -> Edit | None:
    """Edits in several assignments that explain a part."""
    for edit in edits_apart(part.evidence, part.evidence.reference):
        if part.evidence.looks.misfit(Model(edit.change, edit.rule)) <= 1:
            return edit
    return None


def _joined(rule: Rule, first: Rule, later: Rule) -> Rule | None:
    """The rule that is one formula in the first update and another one after it; None where their assignments do not correspond."""
    names = [let.name for let in later.steps]
    once = {let.name: let.value for let in first.steps}
    if len(set(names)) < len(names) or len(once) < len(first.steps) or [n for n in names if n in once] != [let.name for let in first.steps]:
        return None
    steps = tuple(Let(let.symbol, _at_first(once.get(let.name, let.value), let.value), let.comment) for let in later.steps)
    try:
        return replace(rule, steps=steps, state=first.state if first.state != rule.state else later.state)
    except RefoptError:
        return None


def _at_first(first: Expression, later: Expression) -> Expression:
    return later if first == later else where(equal(t, 1), first, later)
