"""Rules that are made from another rule: the other's variants carry over to them (keras' AdamW and AMSGrad are those of adam/eps_hat)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refopt.catalogue import variants
from refopt.catalogue.transformations.largest_moment import with_largest_moment
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.language.role import Role
from refopt.language.rule import Rule

MADE_FROM: Mapping[str, tuple[str, Callable[[Rule], Rule]]] = {"adamw": ("adam", with_weight_decay), "amsgrad": ("adam", with_largest_moment)}
"""By reference: the rule it is made from, and how."""


def carried_over(reference: Rule) -> tuple[Rule, ...]:
    """The variants of the rule that a reference is made from, made into its kind; none for other rules."""
    if reference.name not in MADE_FROM:
        return ()
    base, made = MADE_FROM[reference.name]
    return tuple(made(rule) for rule in variants(base) if not rule.of_role(Role.WEIGHT_DECAY))
