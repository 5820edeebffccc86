"""Edits in several assignments, each found by itself.

Where the whole state is seen, every assignment can be looked at alone: what comes before it in the update is given as it
was seen. So the edit of each assignment that fails is looked for without regard to the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from refopt.conformance.diagnose.code_edits import code_edits
from refopt.conformance.diagnose.compound_edits import rule_slips
from refopt.conformance.diagnose.edits import Edit, edits
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.judge.model import Model
from refopt.golden.description import several
from refopt.language.rule import Rule

EACH, MOST = 3, 9
"""Number of edits of one assignment that are kept, and number of combinations of them that are tried."""


def edits_apart(evidence: Evidence, rule: Rule) -> Iterator[Edit]:
    """The rule with an edit in each of the assignments that fail, where those are several and each has one that explains it."""
    if not evidence.sees(rule):
        return
    failing = [name for name, off in evidence.looks.misfits(Model(rule.name, rule)).items() if off > 1]
    if len(failing) < 2:
        return
    found: dict[str, list[Edit]] = {name: [] for name in failing}
    for edit in (*edits(rule), *rule_slips(rule), *code_edits(rule)):
        name = _only(rule, edit.rule)
        if name in found and len(found[name]) < EACH and evidence.looks.misfits(Model(edit.change, edit.rule), name)[name] <= 1:
            found[name].append(edit)
    if not all(found.values()):
        return
    for chosen in islice(product(*found.values()), MOST):
        yield Edit(several(tuple(e.change for e in chosen)), _together(rule, chosen), rule.name)


def _only(rule: Rule, edited: Rule) -> str | None:
    """Name of the only state that an edit changes, or theta, which stands for the values on the way to it; None if it changes more than one."""
    if edited.state != rule.state or [s.name for s in edited.steps] != [s.name for s in rule.steps]:
        return None
    changed = {let.name if let.name in rule.state_names else "theta" for let, new in zip(rule.steps, edited.steps, strict=True) if let.value != new.value}
    return changed.pop() if len(changed) == 1 else None


def _together(rule: Rule, chosen: Sequence[Edit]) -> Rule:
    steps = list(rule.steps)
    for edit in chosen:
        for i, (let, new) in enumerate(zip(rule.steps, edit.rule.steps, strict=True)):
            if let.value != new.value:
                steps[i] = new
    return replace(rule, steps=tuple(steps))
