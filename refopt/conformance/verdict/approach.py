"""The mode in which one format was looked at, and the reason why not a stronger one."""

from __future__ import annotations

from dataclasses import dataclass

from refopt.conformance.judge.mode import Mode
from refopt.golden.description import Name


@dataclass(frozen=True)
class Approach:
    """The mode in which a format was looked at.

    mode    stepwise, open loop, closed loop, or a schedule's rates
    hidden  the implementation keeps state that nothing shows
    why     the reason why not stepwise; None where it is
    """

    mode: Mode
    hidden: bool = False
    why: Name | None = None
