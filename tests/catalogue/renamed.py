"""A rule or schedule in other letters: the same formula, every hyperparameter, state and intermediate value under a new name."""

from __future__ import annotations

import re

from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.lowering.names import names_of


def new_names(concept: Rule | Schedule) -> dict[str, str]:
    """By the old name a new one. The order of the names is turned round, so that what goes by the alphabet is seen."""
    return {n: f"q{99 - i}" for i, n in enumerate(names_of(concept))}


def in_old_names(text: str, concept: Rule | Schedule) -> str:
    """A text about the renamed concept, told of the original."""
    old = {new: name for name, new in new_names(concept).items()}
    return re.sub(r"\bq\d\d\b", lambda found: old[found[0]], text)
