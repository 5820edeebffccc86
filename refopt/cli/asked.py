"""Implementations and names in them, as a person writes them in one word: `./mine.py:A=adam`, `--map decay=weight_decay`."""

from __future__ import annotations

import re
from collections.abc import Sequence

WITH_RULE = re.compile(r"(.+[\w)])=([a-z0-9_/+(), ]+)")
"""An implementation and a rule in one word; what is in brackets before it is balanced."""


def asked(name: str, rule: str | None) -> tuple[str, str | None]:
    """An implementation and the rule to judge it by, where they stand in one word."""
    found = WITH_RULE.fullmatch(name)
    if found is None or found[1].count("(") != found[1].count(")"):
        return name, rule
    return found[1], found[2]


def maps(given: Sequence[str]) -> dict[str, str]:
    """Meanings of names, from NAME=MEANING. Raises RefoptError for anything else."""
    from refopt.errors import RefoptError

    found = {}
    for text in given:
        name, _, meaning = text.partition("=")
        if not (name.strip() and meaning.strip()):
            raise RefoptError(f"--map {text} does not say what a name means", help="--map decay=weight_decay")
        found[name.strip()] = meaning.strip()
    return found
