"""Names that a person types where a rule, a schedule or an objective may stand."""

from __future__ import annotations

import difflib
from typing import TypeAlias

from refopt import catalogue
from refopt.errors import RefoptError
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

Concept: TypeAlias = Rule | Schedule | Objective


def rule_or_schedule(name: str) -> Rule | Schedule:
    """The rule or schedule, variants included, of that name. Raises UnknownName, the nearest name suggested."""
    found = concept(name)
    if isinstance(found, Objective):
        raise RefoptError(f"{name} is an objective, not a rule or a schedule", help="refopt list rules   refopt list schedules")
    return found


def concept(name: str) -> Concept:
    """The rule, schedule or objective of that name; a verdict names composed rules, and those are known too.

    Raises UnknownName, the nearest name of any of them suggested.
    """
    from refopt.conformance.diagnose.formulas import composed

    if (found := catalogue.find(name)) is not None:
        return found
    rules = {r.name for r in catalogue.rules(variants=True)}
    schedules = {s.name for s in catalogue.schedules(variants=True)}
    objectives = {o.name for o in catalogue.objectives()}
    if (made := composed(name)) is not None:
        return made
    near = difflib.get_close_matches(name, [*sorted(rules), *sorted(schedules), *sorted(objectives)], n=1, cutoff=0.5)
    family, slash, _ = name.partition("/")
    likely = family if slash and family in rules | schedules else (near or [name])[0]
    if likely in schedules:
        return catalogue.schedule(name)
    return catalogue.objective(name) if likely in objectives else catalogue.rule(name)
