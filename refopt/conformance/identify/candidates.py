"""The formulas that a log is compared with, level by level: the first level on which one fits wins."""

from __future__ import annotations

from collections.abc import Iterator

from refopt.catalogue import rules
from refopt.language.compose import clipped, with_weight_decay
from refopt.language.rule import Rule


def levels(only: Rule | None = None) -> Iterator[tuple[Rule, ...]]:
    """Every rule and variant of the catalogue; each with weight decay; each with its gradient clipped by value.

    only  restricts all levels to one rule
    A rule of which a limit explains the log is not tried again with something added: its limit would explain it once more.
    """
    named = (only,) if only is not None else rules(variants=True)
    yield named
    plain = tuple(r for r in named if "weight_decay" not in r.hyper_names and "lr" in r.hyper_names)
    if plain:
        yield tuple(with_weight_decay(r, decoupled) for r in plain for decoupled in (True, False))
    yield tuple(clipped(r) for r in named if "clip" not in r.hyper_names)
