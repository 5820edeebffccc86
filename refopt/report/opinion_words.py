"""Words about checks of a proof by other means than those that found it: exact fractions, Arb's balls, Coq."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from pathlib import Path
from typing import TYPE_CHECKING

from refopt.proof.coqc import Checked as ByCoq
from refopt.proof.independent_check import ATTEMPTS, BALL_POINTS, EXACT_POINTS, TOLD, Checked, Stop

if TYPE_CHECKING:
    from refopt.proving.second_opinion import Opinion

STOPS = {
    Stop.NO_BALLS: "{at} has roots or choices: python-flint, which would check it, is not installed",
    Stop.DIFFERS: "{at} differs at an exact point",
    Stop.NO_VALUE: "{at} has no value at {attempts} points",
}
COQ = {
    ByCoq.ACCEPTED: "checked: coqc accepts it",
    ByCoq.NO_COQ: "not checked here: coqc is not installed",
    ByCoq.TOO_LONG: "not checked here: coqc took too long",
}


def told(opinion: Opinion) -> str:
    """An opinion in a line."""
    if not opinion.found.same:
        return f"not checked: {_stopped(opinion.found)}"
    multiple = f", {opinion.state} of the rule being {opinion.factor} times its own" if opinion.state else ""
    return _agreed(opinion.found) + multiple


def _agreed(found: Checked) -> str:
    parts = []
    if found.exactly:
        below = f"1e{floor(log10(found.probability)) + 1}" if found.probability > 0 else "1e-300"
        parts.append(f"{_names(found.exactly)} in exact fractions at {EXACT_POINTS} random points (wrong with a probability below {below})")
    if found.in_balls:
        parts.append(f"{_names(found.in_balls)} in Arb's balls at {BALL_POINTS} random points to {TOLD} digits")
    return "; ".join(parts)


def _stopped(found: Checked) -> str:
    at = "" if found.at is None else f"{found.at.name} at t = 1" if found.at.first else found.at.name
    return "" if found.stop is None else STOPS[found.stop].format(at=at, attempts=ATTEMPTS)


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)


def certificate_line(path: Path, found: ByCoq) -> str:
    """The line about a certificate on a screen."""
    return f"Certificate: {path}   {COQ[found]}; to check it:  coqc {path}"
