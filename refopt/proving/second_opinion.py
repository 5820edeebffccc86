"""Checks SymPy's proofs once more by other means: exact fractions and Arb's balls (independent_check.py)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from refopt.errors import RefoptError
from refopt.language.compose import substitute
from refopt.language.expression import Expression, literal
from refopt.language.rule import Rule
from refopt.lifting.lifted import Lifted
from refopt.proof.independent_check import Checked, Variable, checked
from refopt.proof.update_trees import after


def factors(rule: Rule) -> dict[str, Expression]:
    """Factors that may lie between a state of the source and the rule's, as they are written."""
    found = {"1": literal(1), "-1": literal(-1)}
    if rule.learning_rate is not None:
        name, rate = rule.learning_rate.name, rule.learning_rate.symbol
        found |= {name: rate, f"1/{name}": 1 / rate, f"-{name}": -rate, f"-1/{name}": literal(-1) / rate}
    return found


@dataclass(frozen=True)
class Opinion:
    """Result of a check apart from SymPy; `state` of the rule being `factor` times the source's own where that is no 1."""

    found: Checked
    state: str = ""
    factor: str = ""


def second_opinion(rule: Rule, lifted: Lifted) -> Opinion:
    """Check, apart from SymPy, of an implementation that was proved to be a rule.

    Raises RefoptError where the values contradict the proof: then one of the two is an error of ours.
    """
    hyper = tuple({h.name: h for h in (*rule.hyper, *lifted.hyper)}.values())
    found = Checked(None)
    plain, *others = factors(rule).items()
    for state, (name, factor) in (("", plain), *itertools.product(rule.state_names, others)):
        of = {state: factor} if state else {}
        found = checked({**_pairs(rule, lifted.later, of, first=False), **_pairs(rule, lifted.first, of, first=True)}, hyper)
        if found.same is not False:
            return Opinion(found, state, name if state else "")
    where = "" if found.at is None else f"{found.at.name} at t = 1" if found.at.first else found.at.name
    raise RefoptError(
        f"{lifted.name} was proved to be {rule.name}, but {where} differs at an exact point: one of the two is an error of refopt", help="please report it"
    )


def _pairs(
    rule: Rule, source: Mapping[str, Expression], factor: Mapping[str, Expression], *, first: bool
) -> dict[Variable, tuple[Expression, Expression]]:
    """theta, and each state that is kept in both, after an update: the source's tree and the rule's; of one state a multiple."""
    scaled = {s.name: factor[s.name] * s.symbol for s in rule.state if s.name in factor}
    ours = {n: substitute(x, scaled) for n, x in after(rule, first=first).items()}
    wanted = _needed(rule)
    return {Variable(n, first): (factor[n] * source[n] if n in factor else source[n], x) for n, x in ours.items() if n in source and n in wanted}


def _needed(rule: Rule) -> set[str]:
    """theta and the states that it comes to depend on."""
    trees = after(rule, first=False)
    pending, seen = ["theta"], {"theta"}
    while pending:
        used = {str(s.name) for s in trees[pending.pop()].symbols()} & set(rule.state_names)
        pending += sorted(used - seen)
        seen |= used
    return seen
