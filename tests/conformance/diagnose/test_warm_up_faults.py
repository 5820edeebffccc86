"""A warm-up that is clamped, or joined a step off, is named for whatever schedule follows it, of the catalogue or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from refopt.catalogue import schedule
from refopt.catalogue.schedules.warmup import warmup
from refopt.conformance.diagnose.search_schedule import explain_schedule
from refopt.exact.run import rates
from refopt.golden.closed_loop_inputs import schedule_cases
from refopt.golden.model import Case
from refopt.language.schedule import Schedule
from refopt.report.words import told

FOLLOWING = ("constant", "step_decay", "exponential", "cosine_annealing/periodic")
LONG = 40
Rest = Callable[[int], float]
"""The rates of what follows, by its own count."""


@dataclass(frozen=True)
class Fault:
    """A program with one: its rate at k, from the length of the rise, the share at its start, and what follows; and what must be told of it."""

    name: str
    rate: Callable[[int, int, float, Rest], float]
    told: str
    shows: bool = True
    """Whether it shows where the rate does not change after the rise."""


def _rise(k: float, steps: int, start: float, rest: Rest) -> float:
    return rest(0) * (start + (1 - start) * k / steps)


FAULTS = (
    Fault("late", lambda k, n, s, rest: _rise(k, n, s, rest) if k <= n else rest(k - n - 1), "warmup_steps + 1", shows=False),
    Fault("early", lambda k, n, s, rest: _rise(k, n, s, rest) if k < n - 1 else rest(k - n + 1), "warmup_steps - 1"),
    Fault("held one short", lambda k, n, s, rest: _rise(min(k, n - 1), n, s, rest), "min(k, warmup_steps - 1)"),
    Fault("one ahead", lambda k, n, s, rest: _rise(k + 1, n, s, rest) if k < n else rest(k - n), "k + 1"),
    Fault("held one short, times all that follows", lambda k, n, s, rest: (s + (1 - s) * min(k, n - 1) / n) * rest(k), "held at k = warmup_steps - 1"),
)


def _cases(whole: Schedule) -> list[Case]:
    """Those whose rates are not 0, without the longest."""
    return [c for c in schedule_cases(whole) if float(c.hyper["lr"]) and float(c.hyper.get("factor", "1")) and int(c.hyper.get("period", "1")) < LONG]


def _rates(s: Schedule, hyper: Mapping[str, str], fault: Fault, steps: tuple[int, ...]) -> list[float]:
    own = s.values({n: x for n, x in hyper.items() if n in s.hyper_names})
    known = [float(x) for x in rates(s, own, range(max(steps) + 3))]
    return [fault.rate(k, int(hyper["warmup_steps"]), float(hyper["warmup_start"]), known.__getitem__) for k in steps]


PAIRS = [(n, f) for n in FOLLOWING for f in FAULTS if (n != "constant" or f.shows) and ("cosine" not in n or f in FAULTS[::3])]


@pytest.mark.parametrize(("name", "fault"), PAIRS, ids=[f"{n}, {f.name}" for n, f in PAIRS])
def test_the_fault_is_named_whatever_follows(name: str, fault: Fault) -> None:
    s = schedule(name)
    whole = warmup(s)
    cases = _cases(whole)
    found = explain_schedule(whole, [(c, _rates(s, c.hyper, fault, c.steps)) for c in cases], {}, None)
    assert found.found and found.found[0].edit is not None, found.closest
    lines = [told(a.edit) for a in found.found if a.edit is not None]
    assert name == "constant" or any(fault.told in text for text in lines), lines


@pytest.mark.parametrize("name", FOLLOWING)
def test_a_right_warm_up_is_not_accused(name: str) -> None:
    s = schedule(name)
    whole = warmup(s)
    right = Fault("none", lambda k, n, start, rest: _rise(k, n, start, rest) if k < n else rest(k - n), "")
    cases = _cases(whole)
    found = explain_schedule(whole, [(c, _rates(s, c.hyper, right, c.steps)) for c in cases], {}, None)
    assert found.reference.fits and found.found[0].edit is None
