"""The numbers that a schedule's `step` is fed: one of a list at each call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from refopt.catalogue import schedules
from refopt.conformance.protocol.implementation import Sent
from refopt.language.role import Role


def each_call(fed: Sent | None) -> Iterator[tuple[float, ...]]:
    """The arguments of one call of step() after the other: none, or one number of a list."""
    return zip(fed, strict=True) if isinstance(fed, tuple) else repeat(())


def list_fed(rule: str | None) -> str | None:
    """The list of which a schedule waits for one number a step; None where it waits for none."""
    return next((h.name for s in schedules(variants=True) if s.name == rule for h in s.of_role(Role.METRIC)), None)
