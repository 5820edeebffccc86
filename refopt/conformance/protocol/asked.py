"""A schedule that is a function of the step, asked through each of its doors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from refopt.conformance.protocol.implementation import NoAnswer, Rates
from refopt.conformance.protocol.in_process import one_line, quiet

Rate = Callable[[int], Any]


def backwards(rate: Rate, steps: Sequence[int]) -> Sequence[Any]:
    """The rates at these steps, the last one asked for first: what was asked before says nothing."""
    found = {k: rate(k) for k in sorted(set(steps), reverse=True)}
    return [found[k] for k in steps]


Asking = Callable[[Any, Sequence[int]], Sequence[Any]]
"""From what gives the rate of a step, and steps: the rates at these."""


def behind(made: Callable[[], Any], asking: Asking, steps: Sequence[int], scope: Callable[[], AbstractContextManager[Any]] = nullcontext) -> Rates | NoAnswer:
    """The rates that something made gives at these steps where it is asked in one way. Never raises for what it does."""
    try:
        with quiet(), scope():
            return Rates(tuple(float(x) for x in asking(made(), steps)))
    except KeyboardInterrupt:
        raise
    except Exception as error:
        return NoAnswer(f"raised {one_line(error)}", raised=True)
