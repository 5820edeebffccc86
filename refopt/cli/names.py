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
    from refopt.conformance.diagnose import formulas

    if (found := catalogue.find(name)) is not None:
        return found
    known = [x.name for every in (catalogue.rules, catalogue.schedules) for x in every(variants=True)]
    objectives = {o.name for o in catalogue.objectives()}
    near = difflib.get_close_matches(name, [*sorted(known), *sorted(objectives)], n=1, cutoff=0.5)
    return catalogue.objective(name) if near and near[0] in objectives else formulas.rule_or_schedule(name)
