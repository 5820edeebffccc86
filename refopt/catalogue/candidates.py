"""The named formulas that an implementation is compared with when it is not the reference."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations

from refopt.catalogue import rules, variants
from refopt.catalogue.combined_variants import combined
from refopt.catalogue.derived_variants import carried_over
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.language.compose import put_in, substitute
from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule


@cache
def named(reference: Rule, known: frozenset[str], decays: bool) -> tuple[Rule, ...]:
    """Every named rule that could explain an implementation judged by `reference`, its own variants first.

    known   hyperparameters whose values are known; a rule of another family that needs others is not tried
    decays  the implementation decays weights: then the reference with weight decay, where the family has no such variant
    """
    own = tuple(v for v in variants(reference.family) if v != reference)
    if reference.is_variant:
        own = (next(r for r in rules() if r.name == reference.family), *own)
    own = (*own, *carried_over(reference))
    given = tuple(r for r in rules(variants=True) if set(r.input_names) <= set(reference.input_names))
    others = tuple(r for r in given if r.family != reference.family and set(r.hyper_names) <= known)
    return (*own, *decaying((reference,), own, decays), *others)


def decaying(of: Collection[Rule], own: Collection[Rule], decays: bool) -> Iterator[Rule]:
    """Rules with weight decay, coupled and decoupled, where none of the family's variants has it."""
    if decays and not any(r.of_role(Role.WEIGHT_DECAY) for r in (*of, *own)):
        for rule in (r for r in of if r.learning_rate is not None):
            yield with_weight_decay(rule, decoupled=False)
            yield with_weight_decay(rule, decoupled=True)


@cache
def pairs(reference: Rule, decays: bool) -> tuple[Rule, ...]:
    """Every two variants of the reference combined, where that can be done."""
    own = variants(reference.family)
    found = [combined(reference, a, b) for i, a in enumerate(own) for b in own[i + 1 :]]
    return (*(r for r in found if r is not None), *decaying(own, (reference,), decays))


SHARES = (Role.DECAY, Role.MOMENTUM, Role.SHARE)
"""Roles of what is kept of something, held back or mixed in: of these one may be taken for another; of a rate and a strength that makes no sense."""


@cache
def tied(reference: Rule, known: frozenset[str] = frozenset()) -> tuple[Rule, ...]:
    """The variants with a share that the reference has not, where that is always the value of another share of the same domain: a mean is the
    sum whose gradients are dampened by what is kept, `momentum/dampened at dampening = momentum`. One that is `known` has its own value.

    Of a rule with two epsilons, one number for both as well: people write one, `adabelief at eps_root = eps`.
    """
    epsilons = [h for h in reference.hyper if h.role is Role.EPSILON]
    found = [_tied(reference, h, k) for k, h in combinations(epsilons, 2) if _domain(k, h.symbol) == _domain(h, h.symbol)]
    for variant in variants(reference.family):
        free = [h for h in variant.hyper if h.name not in (*reference.hyper_names, *known)]
        for h in free if len(free) == 1 and free[0].role in SHARES else ():
            found += [_tied(variant, h, k) for k in variant.hyper if k != h and k.role in SHARES and _domain(k, h.symbol) == _domain(h, h.symbol)]
    return tuple(found)


def _domain(h: Hyper, symbol: Expression) -> set[Expression]:
    """The domain of a hyperparameter, told of another symbol."""
    return {substitute(condition, {h.name: symbol}) for condition in h.conditions}


def _tied(rule: Rule, h: Hyper, k: Hyper) -> Rule:
    steps = put_in(rule.steps, {h.name: k.symbol})
    return replace(
        rule, name=f"{rule.name} at {h.name} = {k.name}", title=f"{rule.title}; {h.name} = {k.name}", hyper=tuple(x for x in rule.hyper if x != h), steps=steps,
        differs=f"{rule.differs}; {h.name} is {k.name}", used_by=(), notes=(),
    )  # fmt: skip
