"""The exception for a step that cannot be proved."""

from __future__ import annotations

from refopt.errors import RefoptError


class Refused(RefoptError):
    """A step is not so, or its tactic cannot show it. `step` is its name, `reason` what was found."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"step {step!r} is refused: {reason}")
        self.step = step
        self.reason = reason
