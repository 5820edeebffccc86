"""Statements of certificates: an implementation is proved to be a rule, or two rules are proved the same."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.conformance.diagnose.formulas import rule_named
from refopt.errors import RefoptError, UnknownName
from refopt.language.compose import put_in
from refopt.language.rule import Rule
from refopt.lifting.assumption import CONSTANT_RATE, Assumed, Assumption
from refopt.proof.certificate import Claim
from refopt.proof.compare import relate
from refopt.proof.coq_schedule import RateClaim
from refopt.proof.equality import Equality
from refopt.proof.related import Same
from refopt.proof.update_trees import after
from refopt.proving.answer import Answer, Differs, Equal
from refopt.proving.lift import lift, lift_schedule
from refopt.proving.prove import matching, with_what_it_has


def of_implementation(loaded: Any, answer: Answer, command: str = "") -> Claim:
    """That an implementation is the rule that it was proved to be, its reference or another named one.

    Raises RefoptError where nothing was proved of it.
    """
    asked = answer.asked
    if isinstance(answer, Differs):
        if not answer.matches and answer.multiple is None:
            raise RefoptError(f"no certificate: {asked.implementation} differs from {asked.rule}, and no named rule is proved to be it")
    elif not isinstance(answer, Equal):
        raise RefoptError(f"no certificate: nothing is proved of {asked.implementation}")
    reference = rule_named(asked.rule)
    lifted = lift(loaded, reference)
    rule = reference
    if isinstance(answer, Differs) and answer.matches:
        try:
            rule = rule_named(answer.matches[0])
        except UnknownName:
            rule = next(matching(loaded, reference, lifted, lifted.rule()))
    rule, fixed = with_what_it_has(loaded, rule, lifted)
    multiple = relate(rule, lifted.rule()).multiple
    assumed = (*lifted.assumed, *(Assumed(Assumption.NOT_SET_IN_THEOREM, (n, str(Fraction(x)))) for n, x in fixed.items()))
    if multiple is not None and multiple.by_the_rate:
        assumed = (*assumed, CONSTANT_RATE)
    title = _titled(lifted.name, lifted.version)
    return Claim(title, lifted.route, rule, lifted.hyper, lifted.first, lifted.later, multiple, command, assumed)


def of_schedule(loaded: Any, answer: Answer, command: str = "") -> RateClaim:
    """That a schedule's code is the schedule that it was proved to be. Raises RefoptError where nothing was proved of it."""
    asked = answer.asked
    name = asked.rule if isinstance(answer, Equal) else answer.matches[0] if isinstance(answer, Differs) and answer.matches else None
    if name is None:
        raise RefoptError(f"no certificate: {asked.implementation} is not proved to be {asked.rule} or another named schedule")
    schedule = catalogue.schedule(name)
    lifted = lift_schedule(loaded, schedule)
    schedule = lifted.at_what_is_held(schedule)
    return RateClaim(
        _titled(lifted.name, lifted.version), lifted.route, schedule, lifted.hyper, lifted.closed, lifted.recursion, lifted.start, command, lifted.assumed
    )


def _titled(name: str, version: str) -> str:
    """Title of a source; without a version for generated code, whose version is NumPy's and does not matter here."""
    return name if name.startswith("refopt.") else f"{name} {version}".rstrip()


def of_rules(first: Rule, second: Rule, equality: Equality, command: str = "") -> Claim:
    """That the second rule is the first: as they stand, with a multiple of the state, or with hyperparameters of the first replaced.

    Raises RefoptError where neither is proved.
    """
    if equality.same not in (Same.EVERYWHERE, Same.AT_CONSTANT_RATE) and not equality.replaced:
        raise RefoptError(f"no certificate: {first.name} and {second.name} are not proved to be the same")
    rule, title = first, second.name
    if equality.replaced:
        steps = put_in(first.steps, equality.replaced)
        told = " and ".join(f"{n} replaced by {x}" for n, x in equality.replaced.items())
        rule = replace(first, name=f"{first.name} with {told}", steps=steps)
    hyper = {h.name: h for h in (*first.hyper, *second.hyper)}
    assumed = (CONSTANT_RATE,) if equality.same is Same.AT_CONSTANT_RATE else ()
    return Claim(
        title, "the catalogue, its assignments put into each other", rule, tuple(hyper.values()), after(second, first=True), after(second, first=False),
        equality.multiple, command, assumed,
    )  # fmt: skip
