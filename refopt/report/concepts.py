"""Rules by name, for words about them."""

from __future__ import annotations

from refopt import catalogue
from refopt.language.rule import Rule


def rule_named(name: str) -> Rule | None:
    """The rule of the catalogue; None where there is none of that name."""
    found = catalogue.find(name)
    return found if isinstance(found, Rule) else None
