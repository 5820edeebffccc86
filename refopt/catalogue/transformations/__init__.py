"""Transformations: functions from rules to rules, instead of flags. Each returns a new rule whose steps are the old ones with something put in; the
result is a rule like any other, with its own formula, generated code and bound."""

from __future__ import annotations

from refopt.catalogue.transformations import cautious, clipping, grams, largest_moment, lookahead, schedule_free, weight_decay
from refopt.catalogue.transformations.transformation import Transformation

EVERY: tuple[Transformation, ...] = (
    weight_decay.DECOUPLED,
    weight_decay.COUPLED,
    clipping.CLIPPING,
    largest_moment.LARGEST_MOMENT,
    lookahead.LOOKAHEAD,
    schedule_free.SCHEDULE_FREE,
    cautious.CAUTIOUS,
    grams.GRAMS,
)
"""All of them; what one makes of the rule adam is named `adam+word`."""
