"""Whole loops are not read on symbols; the refusal names their place in the person's file."""

from __future__ import annotations

from refopt.frameworks.own.lift_calls import place_of
from refopt.frameworks.own.loops.subject import WholeLoop
from refopt.language.rule import Rule
from refopt.lifting.frame import Frame
from refopt.lifting.lifted import Lifted
from refopt.lifting.obstacle import Obstacle
from refopt.lifting.unreadable import CannotRead


def lift(implementation: WholeLoop, rule: Rule, frame: Frame) -> tuple[Lifted, ...]:
    """Raises CannotRead, with the line at which the function begins."""
    raise CannotRead(Obstacle.WHOLE_LOOP, where=place_of(implementation.loop.body))
