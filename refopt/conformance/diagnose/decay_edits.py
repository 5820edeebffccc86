"""Weights that decay after the step, and gradients that are multiplied by a number, with weight decay before or after that.

The number is one that people use (1/2, 1 over the size of a batch, the scale of a loss), or it is read off from what was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

from refopt.conformance.diagnose.code_edits import DECAYS, without_decay
from refopt.conformance.diagnose.edits import Edit, throughout
from refopt.conformance.diagnose.evidence import Evidence
from refopt.conformance.diagnose.read_off import read_off
from refopt.golden.change import Change, Scope, part
from refopt.golden.change import Kind as Changed
from refopt.golden.mutants import new_formulas, with_steps, with_value
from refopt.language.compose import put_in, substitute
from refopt.language.expression import Expression, g, literal, scalar, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule

DIVISORS = (2, 4, 8, 10, 16, 32, 64, 100, 128, 256, 512, 1024)
FACTORS = (2, 4, 8, 10, 16, 32, 64, 100, 128, 1024, 65536)
"""By which a gradient is divided or multiplied: the size of a batch or its inverse, the scale of a loss."""

Found = Iterator[tuple[Change, Rule]]


@cache
def decay_edits(rule: Rule) -> tuple[Edit, ...]:
    """Every such edit of a rule whose numbers are in our lists, each formula once."""
    return tuple(Edit(change, edited, rule.name) for change, edited in new_formulas(rule, _every(rule)))


def _every(rule: Rule) -> Found:
    yield from _after_the_step(rule)
    yield from _in_place_of_a_division(rule)
    for scaled in (-g, *(g / n for n in DIVISORS), *(n * g for n in FACTORS)):
        yield from _multiplied(rule, scaled)


def _rate(rule: Rule) -> Expression | None:
    return None if rule.learning_rate is None else rule.learning_rate.symbol


def _asked(rule: Rule) -> Expression | None:
    return next((h.symbol for h in rule.of_role(Role.WEIGHT_DECAY)), None)


def _bases(rule: Rule) -> Iterator[tuple[tuple[Let, ...], Change | None]]:
    """The assignments; where weights decay, those without the decay too: it is put somewhere else then."""
    asked = _asked(rule)
    bare = without_decay(rule) if asked is not None else None
    if bare is not None:
        yield bare, Change(Changed.NOT_BEFORE)
    yield rule.steps, None


def _after_the_step(rule: Rule) -> Found:
    """The new theta times 1 - decay, or 1 - lr*decay."""
    rate, asked = _rate(rule), _asked(rule)
    shares = [asked] if asked is not None else [literal(c) for c in DECAYS]
    for (steps, besides), share in product(_bases(rule), shares):
        for amount in (rate * share, share) if rate is not None else (share,):
            after = Let(theta, (1 - amount) * theta)
            yield from with_steps(rule, Change(Changed.DECAYS_AFTER, "theta", after=amount, also=besides), (*steps, after))


def _in_place_of_a_division(rule: Rule) -> Found:
    """Rules whose decay multiplies theta by 1 - decay, before the step or after it, where the rule divides by 1 + decay."""
    asked = _asked(rule)
    for position, let in enumerate(rule.steps):
        if let.name != "theta" or let.value.op != "div" or asked is None or asked not in set(let.value.args[1].symbols()):
            continue
        moved, divisor = let.value.args
        if divisor.op == "add" and divisor.args[0] == literal(1):
            share = 1 - divisor.args[1]
            for tree in (substitute(moved, {"theta": share * theta}), share * moved):
                yield from with_steps(rule, part("theta", let.value, tree), with_value(rule, position, tree))


def _multiplied(rule: Rule, scaled: Expression) -> Found:
    """The gradient times a number: alone, and with weight decay that is added after it is multiplied, or before."""
    asked = _asked(rule)
    yield from with_steps(rule, part(Scope.EVERYWHERE, g, scaled), throughout(rule, {"g": scaled}))
    for (steps, besides), share in product(_bases(rule), [asked] if asked is not None else [literal(x) for x in DECAYS]):
        for entered in (scaled + share * theta, substitute(scaled, {"g": g + share * theta})):
            put = put_in(steps, {"g": entered})
            yield from with_steps(rule, part(Scope.EVERYWHERE, g, entered).and_also(besides), put)


UNKNOWN = scalar("multiplier", sign="positive")
"""Stands for a number that is read off."""


def multiplied_by_what_is_seen(evidence: Evidence, rule: Rule, sample: Sequence[int]) -> Iterator[Edit]:
    """The gradient times a number that is none of ours, read off from the clearest updates; with the decay that the rule has, if any."""
    if not sample or not evidence.sees(rule):
        return
    clearest = evidence.with_updates([evidence.updates[i] for i in sample])
    cases = {evidence.updates[i].case for i in sample}
    h = Hyper(UNKNOWN, "1", UNKNOWN > 0, Role.FACTOR, "what the gradient is multiplied by")
    with_it = replace(rule, hyper=(*rule.hyper, h))
    shapes = [x for _, x in _multiplied(with_it, UNKNOWN * g)] if _asked(rule) is not None else [replace(with_it, steps=throughout(rule, {"g": UNKNOWN * g}))]
    for n, unknown in enumerate(shapes):
        value = read_off(clearest, unknown, h, cases)
        if value is not None and float(value) != 1:
            change, made = list(_multiplied(rule, _scaled(value)))[n]
            yield Edit(change, made, rule.name)


NEAR = 1e-6
"""A share of a whole number that makes it one over it: far above the last digit that is read off, far below the gap between two such numbers."""


def _scaled(value: str) -> Expression:
    """The gradient times a number that was read off, or over a whole number."""
    x = float(value)
    n = round(1 / x) if x < 1 else 0
    return g / n if n and abs(n * x - 1) < NEAR else literal(value) * g
