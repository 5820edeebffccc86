"""Spellings with which an implementation is the rule: each switch of its factory is turned once, and the result proved."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from refopt import catalogue
from refopt.conformance.protocol.spelling import parse
from refopt.errors import RefoptError
from refopt.frameworks import home, load
from refopt.lifting.unreadable import CannotRead


def remedy(implementation: Any, is_rule: Callable[[Any], bool]) -> str:
    """The spelling with one switch turned that is proved to be the rule; "" where there is none."""
    for text in _turned(implementation):
        try:
            if is_rule(load(text, implementation.rule)):
                return text
        except (CannotRead, RefoptError):
            continue
    return ""


def _turned(implementation: Any) -> Iterator[str]:
    if not hasattr(implementation, "factory") or not isinstance(implementation.name, str) or getattr(implementation, "constants_are_chosen", False):
        return  # of a person's own object no switch is known
    spelling = parse(implementation.name)
    at = home(spelling.path)
    # a switch that goes by the name of a rule chooses that rule, not another formula of this one
    fixed = frozenset(r.name for r in catalogue.rules()) | (at.framework.switches if at is not None else frozenset())
    for name, parameter in inspect.signature(implementation.factory).parameters.items():
        value = spelling.arguments.get(name, parameter.default)
        if isinstance(value, bool) and name not in fixed:
            arguments = {**spelling.arguments, name: not value}
            yield f"{spelling.path}({', '.join(f'{n}={x!r}' for n, x in arguments.items())})"
