"""The formulas that a log is compared with, in levels: the first on which one fits wins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from refopt.catalogue import candidates, rules
from refopt.catalogue.transformations.clipping import clipped
from refopt.catalogue.transformations.weight_decay import with_weight_decay
from refopt.errors import RefoptError
from refopt.identify.coordinates import CLIP_NORM, NORM_EPS
from refopt.identify.log import NORM
from refopt.language.compose import put_in
from refopt.language.expression import g, literal, minimum, scalar, tensor
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule

Level = tuple[Rule, ...]


@dataclass(frozen=True)
class Levels:
    """Every rule and variant of the catalogue; those made of two variants, and each with weight decay; each with its gradient clipped by value; by norm."""

    named: Level
    decaying: Level
    by_value: Level
    by_norm: Level

    @property
    def plain(self) -> tuple[Level, Level]:
        """Those without clipping."""
        return self.named, self.decaying


@cache
def levels(only: Rule | None = None) -> Levels:
    """The formulas that are tried.

    only  restricts all levels to one rule
    """
    if only is not None and only.inputs:
        raise RefoptError(f"{only.name} is given {', '.join(only.input_names)} beside the gradient, which a log does not hold", help="refopt check judges it")
    named = (only,) if only is not None else tuple(r for r in rules(variants=True) if not r.inputs)
    two = () if only is not None else of_two_variants()
    plain = tuple(r for r in named if not r.of_role(Role.WEIGHT_DECAY) and r.learning_rate is not None)
    known = {r.steps for r in named}
    made = (with_weight_decay(r, decoupled) for r in plain for decoupled in (True, False))
    decaying = tuple(r for r in made if r.steps not in known)
    unclipped = tuple(r for r in named if "clip" not in r.hyper_names)
    return Levels(named, (*two, *decaying), tuple(clipped(r) for r in unclipped), tuple(clipped_by_norm(r) for r in unclipped))


@cache
def of_two_variants() -> Level:
    """Formulas made of two variants, without those that are a variant with weight decay."""
    made = [r for one in rules() if not one.inputs for r in (*candidates.named(one, frozenset(), False), *candidates.pairs(one, False))]
    catalogued = {r.name for r in rules(variants=True)}
    unique = {r.name: r for r in made if r.name not in catalogued and not r.of_role(Role.WEIGHT_DECAY)}
    return tuple(unique.values())


def clipped_by_norm(rule: Rule) -> Rule:
    """The rule with its gradient scaled to a norm of at most clip_norm: g*min(1, clip_norm/(norm + norm_eps)).

    The norm is that of the whole gradient, which a log tells of each update. norm_eps is what programs add against a division by
    zero; where the gradient is still multiplied by a loss scale S, both are S times smaller.
    """
    norm, clip, eps = scalar(NORM, sign="nonnegative"), scalar(CLIP_NORM, "c", sign="positive"), scalar(NORM_EPS, sign="nonnegative")
    g_clipped = tensor("g_clipped", r"\bar g")
    first = Let(g_clipped, g * minimum(literal(1), clip / (norm + eps)), "a norm of at most clip_norm")
    steps = put_in(rule.steps, {"g": g_clipped})
    hyper = (
        *rule.hyper,
        Hyper(clip, "1", clip > 0, Role.THRESHOLD, "largest norm of the gradient"),
        Hyper(eps, "1e-6", eps >= 0, Role.EPSILON, "added to the norm"),
        Hyper(norm, "1", norm >= 0, Role.FACTOR, "of the gradient; given, not sought"),
    )
    title = f"{rule.title}; gradient clipped by norm"
    return replace(rule, name=f"{rule.name}+clip_norm", title=title, hyper=hyper, steps=(first, *steps), differs="", used_by=())
