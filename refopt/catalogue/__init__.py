"""The content: optimizers, schedules and objectives, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from refopt.catalogue.composition import WORDS
from refopt.catalogue.objectives import OBJECTIVES
from refopt.catalogue.optimizers import FAMILIES as RULES
from refopt.catalogue.schedules import FAMILIES as SCHEDULES
from refopt.errors import RefoptError, UnknownName, nearest, unknown_name
from refopt.language.objective import Objective
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


def _flat(families: Iterable[tuple[T, tuple[T, ...]]], variants: bool) -> tuple[T, ...]:
    return tuple(x for reference, others in families for x in (reference, *(others if variants else ())))


def _find(what: str, name: str, families: tuple[tuple[T, tuple[T, ...]], ...], listing: str) -> T:
    everything = {x.name: x for x in _flat(families, True)}
    if name in everything:
        return everything[name]
    family, slash, _ = name.partition("/")
    for reference, others in families:
        if slash and reference.name == family:
            known = ", ".join(v.name.partition("/")[2] for v in others)
            raise UnknownName(f"no variant {name!r}", help=f"{family} has {known}" if known else f"{family} has no variants")
    raise unknown_name(what, name, tuple(everything), listing=listing)


def rule(name: str) -> Rule:
    """The rule or variant of that name: `adam`, `adam/eps_hat`. Raises UnknownName, the nearest names suggested.

    >>> print(rule("momentum").text())
    v     <- momentum*v + lr*g
    theta <- theta - v
    """
    return _refuse_list(_find("rule", name, RULES, "refopt list rules"))


def rules(*, variants: bool = False) -> tuple[Rule, ...]:
    """All references in catalogue order, each followed by its variants if asked for.

    >>> [r.name for r in rules()][:5]
    ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam']
    """
    return tuple(map(_refuse_list, _flat(RULES, variants)))


def _refuse_list(found: Rule) -> Rule:
    """The rule. Raises RefoptError where a hyperparameter is a list: golden cases and updates are given numbers, lists go to schedules alone."""
    lists = [h.name for h in found.hyper if h.is_list]
    if lists:
        raise RefoptError(
            f"{found.name}: {', '.join(lists)} is a list, which a schedule of the catalogue may have, and a rule may not",
            help="make it a schedule of its own, as refopt/catalogue/schedules/multi_step.py is: refopt show multi_step",
        )
    return found


def variants(name: str) -> tuple[Rule, ...]:
    """The variants of a reference. Raises UnknownName.

    >>> [v.name for v in variants("adam")][:2]
    ['adam/eps_hat', 'adam/eps_in_sqrt']
    """
    for reference, others in RULES:
        if reference.name == name:
            return others
    rule(name)  # a variant has none of its own; an unknown name raises
    return ()


def variants_of(reference: Rule | Schedule) -> tuple[Rule, ...] | tuple[Schedule, ...]:
    """The variants of a reference; none of a variant, nor of what the catalogue has not."""
    if isinstance(reference, Rule):
        return next((others for one, others in RULES if one.name == reference.name), ())
    return next((others for one, others in SCHEDULES if one.name == reference.name), ())


def schedule(name: str) -> Schedule:
    """The schedule or variant of that name. Raises UnknownName.

    >>> print(schedule("exponential").text())
    lr_k <- lr*factor^k
    lr_k <- lr_prev*factor   (the same, from the step before)
    """
    return _made_of_schedules(name) or _find("schedule", name, SCHEDULES, "refopt list schedules")


def schedules(*, variants: bool = False) -> tuple[Schedule, ...]:
    """All schedules in catalogue order, each followed by its variants if asked for.

    >>> [s.name for s in schedules()][:2]
    ['constant', 'step_decay']
    """
    return _flat(SCHEDULES, variants)


def find(name: str) -> Rule | Schedule | None:
    """The rule, the schedule or the variant of that name; None where the catalogue has none. A schedule made of schedules is made here."""
    every: tuple[Rule | Schedule, ...] = (*rules(variants=True), *schedules(variants=True))
    return next((x for x in every if x.name == name), None) or _made_of_schedules(name)


def refuse_unknown(name: str) -> None:
    """Raises UnknownName, the nearest names of either suggested, for what begins with the name of no rule, and is no schedule.

    What is made by a word, `lookahead(adam)`, is looked up where it is made.
    """
    names, known = [r.name for r in rules(variants=True)], [s.name for s in schedules(variants=True)]
    if "(" not in name and find(name) is None and name.partition("+")[0] not in names:
        likely = [x for x in (name.partition("/")[0], *nearest(name, [*names, *known])) if x in {*names, *known}]
        (schedule if likely and likely[0] in known else rule)(name)


def _made_of_schedules(name: str) -> Schedule | None:
    """The schedule of `sequential(warmup, cosine_annealing)`, whose parts may be made of others; None for another name.

    Raises UnknownName for a part that there is not.
    """
    word, bracket, inside = name.partition("(")
    if not bracket or word not in WORDS or not inside.endswith(")"):
        return None
    parts, depth = [""], 0
    for x in inside[:-1]:
        depth += (x == "(") - (x == ")")
        parts = [*parts, ""] if x == "," and depth == 0 else [*parts[:-1], parts[-1] + x]
    return WORDS[word](*(schedule(part.strip()) for part in parts if part.strip()))


def objective(name: str) -> Objective:
    """The objective of that name. Raises UnknownName.

    >>> objective("rosenbrock").hyper_names
    ('steepness',)
    """
    for one in OBJECTIVES:
        if one.name == name:
            return one
    raise unknown_name("objective", name, [o.name for o in OBJECTIVES], listing="refopt list objectives")


def objectives() -> tuple[Objective, ...]:
    """All objectives in catalogue order.

    >>> [o.name for o in objectives()][:2]
    ['ravine', 'ravine_rotated']
    """
    return OBJECTIVES
