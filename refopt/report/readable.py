"""Whether the formula of a deviation that nothing names can be read from the implementation's own code: then a report says how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from refopt.conformance.judgement import rule_or_schedule
from refopt.conformance.verdict import Verdict
from refopt.language.schedule import Schedule


def with_readable(verdict: Verdict, implementation: Any) -> Verdict:
    """The verdict with `readable` set where it deviates, no edit explains it, and reading the code succeeds: tried here and now, a second at most."""
    worst = verdict.worst
    if worst.verdict != "deviates" or worst.edit is not None or worst.only_loses:
        return verdict
    from refopt.proof.lift import lift, lift_schedule
    from refopt.proof.unreadable import CannotRead

    concept = rule_or_schedule(verdict.rule)
    try:
        lift_schedule(implementation, concept) if isinstance(concept, Schedule) else lift(implementation, concept)
    except CannotRead:
        return verdict
    return replace(verdict, readable=True)
