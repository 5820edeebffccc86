"""Every derivation run once, for all tests that look at what came out."""

from __future__ import annotations

import time
from functools import cache

from refopt.derivation import library
from refopt.derivation.library import Outcome

SECONDS: dict[str, float] = {}
"""Seconds of one core that each took."""


@cache
def ran(name: str) -> Outcome:
    """The outcome of a derivation."""
    before = time.process_time()
    outcome = library.run(name)
    SECONDS[name] = time.process_time() - before
    return outcome
