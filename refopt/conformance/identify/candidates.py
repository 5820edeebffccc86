"""The formulas that a log is compared with, in three levels: the first on which one fits wins."""

from __future__ import annotations

from refopt.catalogue import rules
from refopt.language.compose import clipped, with_weight_decay
from refopt.language.rule import Rule

Level = tuple[Rule, ...]


def levels(only: Rule | None = None) -> tuple[Level, Level, Level]:
    """Every rule and variant of the catalogue; each with weight decay; each with its gradient clipped by value.

    only  restricts all levels to one rule
    """
    named = (only,) if only is not None else rules(variants=True)
    plain = tuple(r for r in named if "weight_decay" not in r.hyper_names and "lr" in r.hyper_names)
    decaying = tuple(with_weight_decay(r, decoupled) for r in plain for decoupled in (True, False))
    return named, decaying, tuple(clipped(r) for r in named if "clip" not in r.hyper_names)
