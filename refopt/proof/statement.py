"""What a certificate is to say: of an implementation that is proved to be a rule, or of two rules that are proved the same."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.errors import RefoptError, UnknownName
from refopt.language.compose import substitute
from refopt.language.rule import Let, Rule
from refopt.proof.after import after
from refopt.proof.answer import Answer, Differs, Equal
from refopt.proof.certificate import Claim
from refopt.proof.compare import relate, without
from refopt.proof.equality import Equality
from refopt.proof.lift import lift
from refopt.proof.prove import matching

CONSTANT_RATE = "the learning rate does not change"


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
    reference = catalogue.rule(asked.rule)
    lifted = lift(loaded, reference)
    rule = reference
    if isinstance(answer, Differs) and answer.matches:
        try:
            rule = catalogue.rule(answer.matches[0])
        except UnknownName:
            rule = next(matching(reference, lifted, lifted.rule()))
    own = {h.name for h in lifted.hyper}
    fixed = {h.name: Fraction(h.default) for h in rule.hyper if h.name not in own}
    rule = without(rule, fixed) if fixed else rule
    multiple = relate(rule, lifted.rule()).multiple
    assumed = (*lifted.assumed, *(f"{n} is {x}, which it does not let be set" for n, x in fixed.items()))
    if multiple and "lr" in multiple[1]:
        assumed = (*assumed, CONSTANT_RATE)
    version = "" if lifted.name.startswith("refopt.") else f" {lifted.version}".rstrip()
    return Claim(f"{lifted.name}{version}", lifted.route, rule, lifted.hyper, lifted.first, lifted.later, multiple, command, assumed)


def of_rules(first: Rule, second: Rule, equality: Equality, command: str = "") -> Claim:
    """That the second rule is the first: as they stand, with a multiple of the state, or with hyperparameters of the first replaced.

    Raises RefoptError where neither is proved.
    """
    if equality.same not in ("everywhere", "at_constant_rate") and not equality.replaced:
        raise RefoptError(f"no certificate: {first.name} and {second.name} are not proved to be the same")
    rule, title = first, second.name
    if equality.replaced:
        steps = tuple(Let(let.symbol, substitute(let.value, equality.replaced), let.comment) for let in first.steps)
        told = " and ".join(f"{n} replaced by {x}" for n, x in equality.replaced.items())
        rule = replace(first, name=f"{first.name} with {told}", steps=steps)
    hyper = {h.name: h for h in (*first.hyper, *second.hyper)}
    assumed = (CONSTANT_RATE,) if equality.same == "at_constant_rate" else ()
    return Claim(
        title, "the catalogue, its assignments put into each other", rule, tuple(hyper.values()), after(second, first=True), after(second, first=False),
        equality.multiple, command, assumed,
    )  # fmt: skip
