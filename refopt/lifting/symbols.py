"""The symbols that stand for an implementation's hyperparameters, its parameter, its state and its step counter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from refopt.language.expression import Expression, scalar, t, tensor
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.lifting.paths import Facts

FIRST, LATER = "first", "later"
"""The two updates that are read: t = 1 from the start, and any later one."""


@cache
def hypers() -> Mapping[str, Hyper]:
    """Every hyperparameter of the catalogue's rules, by name."""
    from refopt.catalogue import rules

    return {h.name: h for r in reversed(rules(variants=True)) for h in r.hyper}


def symbolic(rule: Rule, settings: Mapping[str, float]) -> dict[str, Hyper]:
    """The hyperparameters that become symbols: the rule's own, and what the implementation is configured to have beside them.

    One that is configured as 0 and that the rule does not have stays 0: it is switched off.
    """
    own = {h.name: h for h in rule.hyper}
    return {n: own.get(n) or hypers().get(n) or free(n) for n, x in settings.items() if n in own or x != 0}


def free(name: str) -> Hyper:
    """A hyperparameter that no rule has: any number that is not negative."""
    symbol = scalar(name, sign="nonnegative")
    return Hyper(symbol, "0.5", symbol >= 0, Role.FACTOR, "")


def facts(hyper: Iterable[Hyper], least: int | None) -> Facts:
    """Facts about the hyperparameters and, where it is a symbol, the step counter."""
    return Facts(tuple(c for h in hyper for c in h.conditions), {} if least is None else {str(t.name): least})


def state_symbol(rule: Rule, buffer: str, views: Callable[[Rule], Mapping[str, Any]]) -> Expression:
    """The symbol of a buffer: the state variable of the rule, or of one of its variants, that it shows; else one with its own name."""
    from refopt.catalogue import variants

    for one in (rule, *variants(rule.family)):
        seen = views(one)
        for state in one.state:
            if state.name in seen and seen[state.name].buffer == buffer:
                return state.symbol
    name = re.sub(r"\W+", "_", buffer).strip("_") or "state"
    taken = {"theta", "g", "t", *rule.hyper_names, *rule.state_names}
    return tensor(f"{name}_" if name in taken else name)
