"""Implementations that climb: an argument of theirs, by which the loss is to grow, turns the gradient's sign in the formula.

They are held to the rule on the gradient of the other sign: each gradient is turned before it is handed over, and in what is read of their code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from refopt.conformance.protocol.implementation import Request

CLIMBS = ("maximize", "maximise")
"""Arguments by which the loss is to grow, in small letters."""


class MayClimb:
    """An implementation with arguments, by one of which it may climb."""

    @property
    def every_argument(self) -> Mapping[str, Any]:
        """The values of its arguments, as far as they are known."""
        raise NotImplementedError

    @property
    def climbs(self) -> str | None:
        """The argument by which it climbs; None where it descends."""
        return next((n for n, x in self.every_argument.items() if n.lower() in CLIMBS and x is True), None)

    @property
    def told_of_climbing(self) -> tuple[str, ...]:
        """The remark on how it is judged, where it climbs."""
        return () if self.climbs is None else (f"judged on -g, for {self.climbs}=True",)

    def faced(self, request: Request) -> Request:
        """The run as it is to make it: where it climbs, on gradients of the other sign."""
        return request if self.climbs is None else turned(request)


def turned(request: Request) -> Request:
    """The run on gradients of the other sign."""
    rows = {id(row): tuple(None if g is None else -g for g in row) for row in request.grads}  # those that repeat are made once
    return replace(request, grads=tuple(rows[id(row)] for row in request.grads))
