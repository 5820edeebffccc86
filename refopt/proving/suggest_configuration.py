"""Spellings with which an implementation is the rule: each switch of its factory is turned once, and the result proved."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from refopt.conformance.protocol.spelling import parse
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.lifting.unreadable import CannotRead

NOT_FORMULAS = frozenset({"maximize", "capturable", "differentiable", "foreach", "fused", "nesterov", "amsgrad", "use_ema", "jit_compile"})
"""Switches that choose another rule, or how it is computed, not which formula of it."""


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
    if not hasattr(implementation, "factory") or not isinstance(implementation.name, str):
        return
    spelling = parse(implementation.name)
    for name, parameter in inspect.signature(implementation.factory).parameters.items():
        value = spelling.arguments.get(name, parameter.default)
        if isinstance(value, bool) and name not in NOT_FORMULAS:
            arguments = {**spelling.arguments, name: not value}
            yield f"{spelling.path}({', '.join(f'{n}={x!r}' for n, x in arguments.items())})"
