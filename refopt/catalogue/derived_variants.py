"""Rules that are made from another rule: the other's variants carry over to them (keras' AdamW and AMSGrad are those of adam/eps_hat)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from refopt.catalogue import variants
from refopt.catalogue.symbols import v, v_max
from refopt.language.compose import put_in, with_weight_decay
from refopt.language.expression import maximum
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, State


def has_second_moment(rule: Rule) -> bool:
    """True where a rule keeps a second moment whose largest value can take its place."""
    return v.name in rule.state_names


def with_largest_moment(rule: Rule) -> Rule:
    """The rule with the largest second moment so far in the place of the last one, named `<rule>+amsgrad` (Reddi et al. 2018)."""
    last = max(i for i, let in enumerate(rule.steps) if let.name == v.name)
    later = put_in(rule.steps[last + 1 :], {str(v.name): v_max})
    return replace(
        rule,
        name=f"{rule.name}+amsgrad",
        title=f"{rule.title}; the largest second moment so far",
        state=(*rule.state, State(v_max, 0, "largest second moment so far")),
        steps=(*rule.steps[: last + 1], Let(v_max, maximum(v_max, v)), *later),
        used_by=(),
    )


MADE_FROM: Mapping[str, tuple[str, Callable[[Rule], Rule]]] = {"adamw": ("adam", with_weight_decay), "amsgrad": ("adam", with_largest_moment)}
"""By reference: the rule it is made from, and how."""


def carried_over(reference: Rule) -> tuple[Rule, ...]:
    """The variants of the rule that a reference is made from, made into its kind; none for other rules."""
    if reference.name not in MADE_FROM:
        return ()
    base, made = MADE_FROM[reference.name]
    return tuple(made(rule) for rule in variants(base) if not rule.of_role(Role.WEIGHT_DECAY))
