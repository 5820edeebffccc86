"""The ways of looking at an implementation."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """A way of looking; the first is the strongest.

    STEPWISE     the whole state is seen: every update is compared with one exact update from the implementation's own values
    OPEN_LOOP    only theta is seen: runs over given gradients are compared with exact runs
    CLOSED_LOOP  gradients come from an objective at the implementation's own theta
    SCHEDULE     rates of a schedule are compared one by one
    """

    STEPWISE = "stepwise"
    OPEN_LOOP = "open_loop"
    CLOSED_LOOP = "closed_loop"
    SCHEDULE = "schedule"
