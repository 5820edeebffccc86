"""Rules and schedules that are not what they should be."""

from __future__ import annotations

from dataclasses import replace

from refopt.language.compose import substitute
from refopt.language.expression import literal, theta
from refopt.language.rule import Let, Rule
from refopt.language.schedule import Schedule


def turned(concept: Rule | Schedule) -> Rule | Schedule:
    """The same rule that goes uphill, or the same schedule plus a hundredth."""
    if isinstance(concept, Schedule):
        return replace(concept, rate=concept.rate + literal("1/100"))
    last = concept.steps[-1]
    uphill = Let(last.symbol, -substitute(last.value, {"theta": -theta}))
    return replace(concept, steps=(*concept.steps[:-1], uphill))
