"""A rule or schedule in other letters: the same formula, every hyperparameter, state and intermediate value under a new name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from refopt.language.compose import substitute
from refopt.language.expression import Expression
from refopt.language.hyper import Hyper
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule


def new_names(concept: Rule | Schedule) -> dict[str, str]:
    """By the old name a new one. The order of the names is turned round, so that what goes by the alphabet is seen."""
    names = list(concept.hyper_names)
    if isinstance(concept, Rule):
        names += [*concept.state_names, *(s.name for s in concept.steps)]
    distinct = [n for n in dict.fromkeys(names) if n != "theta"]
    return {n: f"q{99 - i}" for i, n in enumerate(distinct)}


def renamed_rule(rule: Rule, names: Mapping[str, str] | None = None) -> Rule:
    """The rule in new letters; `names` are those of `new_names` where none are given."""
    put = _symbols(rule, names)
    return replace(
        rule,
        hyper=tuple(_hyper(h, put) for h in rule.hyper),
        state=tuple(replace(s, symbol=put.get(s.name, s.symbol), init=substitute(s.initial, put)) for s in rule.state),
        steps=tuple(Let(put.get(s.name, s.symbol), substitute(s.value, put), s.comment) for s in rule.steps),
    )


def renamed_schedule(schedule: Schedule) -> Schedule:
    """The schedule in new letters."""
    put = _symbols(schedule, None)
    recursion = None if schedule.recursion is None else substitute(schedule.recursion, put)
    return replace(schedule, hyper=tuple(_hyper(h, put) for h in schedule.hyper), rate=substitute(schedule.rate, put), recursion=recursion)


def in_old_names(text: str, concept: Rule | Schedule) -> str:
    """A text about the renamed concept, told of the original."""
    old = {new: name for name, new in new_names(concept).items()}
    return re.sub(r"\bq\d\d\b", lambda found: old[found[0]], text)


def _symbols(concept: Rule | Schedule, names: Mapping[str, str] | None) -> dict[str, Expression]:
    symbols = {h.name: h.symbol for h in concept.hyper}
    if isinstance(concept, Rule):
        symbols |= {s.name: s.symbol for s in (*concept.state, *concept.steps)}
    chosen = new_names(concept) if names is None else names
    return {n: replace(s, name=chosen[n]) for n, s in symbols.items() if n in chosen}


def _hyper(h: Hyper, put: Mapping[str, Expression]) -> Hyper:
    return replace(h, symbol=put.get(h.name, h.symbol), domain=tuple(substitute(c, put) for c in h.conditions))
