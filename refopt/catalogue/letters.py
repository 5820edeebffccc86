"""The letters that the catalogue gives to a role: how frameworks' settings, which go by name, are asked about by role."""

from __future__ import annotations

from functools import cache

from refopt.catalogue import rules, schedules
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.language.role import Role


@cache
def letters(*roles: Role) -> frozenset[str]:
    """Every name that a rule or schedule of the catalogue, or a rule with weight decay put in, gives to a hyperparameter of one of the roles."""
    concepts = (*rules(variants=True), *schedules(variants=True), with_weight_decay(rules()[0]))
    return frozenset(h.name for c in concepts for h in c.hyper if h.role in roles)
