"""Functions and methods that are called with parameters and gradients: not read on symbols; the refusal names their place in the person's file."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from refopt.frameworks.own.calling.source import plain_function
from refopt.frameworks.own.calling.subject import CalledObject
from refopt.language.rule import Rule
from refopt.lifting.frame import Frame
from refopt.lifting.lifted import Lifted
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.unreadable import CannotRead


def lift(implementation: CalledObject, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """Raises CannotRead, with the line at which the function begins."""
    callee = implementation.plan.callee
    function = callee.function if not isinstance(callee.function, str) else getattr(callee.make, callee.function, None)
    raise CannotRead(Obstacle.SUCH_A_CALL, implementation.plan.holding.value, where=place_of(function))


def place_of(function: Any) -> str:
    """`mine.py line 12`, or the function's name where it has no text."""
    inner = plain_function(function)
    try:
        _, line = inspect.getsourcelines(inner)
        return f"{Path(inspect.getsourcefile(inner) or '').name} line {line}"
    except (OSError, TypeError):
        return str(getattr(inner, "__name__", inner))
