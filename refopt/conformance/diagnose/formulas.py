"""Every formula that a screen may name, by that name.

A verdict names rules of the catalogue, rules made of two variants (`adam/eps_hat+adam/eps_in_sqrt`), and rules with
something put in (`adam/eps_hat+decay`, `sgd+clip_norm`); so each of these names is understood wherever one is typed. A person may
write what is put in as a function: `lookahead(lion)` is `lion+lookahead`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from refopt import catalogue
from refopt.catalogue import transformations
from refopt.catalogue.candidates import named, pairs, tied
from refopt.catalogue.transformations.clipping import CLIPPING
from refopt.catalogue.transformations.transformation import Transformation
from refopt.errors import RefoptError
from refopt.identify.candidates import clipped_by_norm
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule

CLIP_NORM = Transformation("clip_norm", clipped_by_norm, CLIPPING.source)
PUT_IN: Mapping[str, Transformation] = {x.word: x for x in (*transformations.EVERY, CLIP_NORM)}
"""By the last word of a composed name: what is put into the rule that is named before it."""
_CALL = re.compile(r"(?P<word>\w+)\((?P<rule>.+)\)")
"""A call: the word for something put in, and the rule."""


def composed(name: str) -> Rule | None:
    """The rule of a name that a verdict may tell and that is not of the catalogue; None where it is no such name."""
    if (made := _made().get(name)) is not None:
        return made
    if (call := _CALL.fullmatch(name)) is not None:
        inner = catalogue.find(call["rule"]) or composed(call["rule"])
        return None if inner is None else composed(f"{inner.name}+{call['word']}")
    before, plus, last = name.rpartition("+")
    if not plus:
        return None
    base = catalogue.find(before) or composed(before)
    if not isinstance(base, Rule) or last not in PUT_IN or not PUT_IN[last].needs(base):
        return None
    return PUT_IN[last].made(base)


def rule_named(name: str) -> Rule:
    """The rule of the catalogue, or the composed one, of that name. Raises UnknownName, or RefoptError for a schedule."""
    found = catalogue.find(name)
    if isinstance(found, Schedule):
        raise RefoptError(f"{name} is a schedule, not a rule", help="refopt list rules")
    return found or composed(name) or catalogue.rule(name)


def rule_or_schedule(name: str) -> Rule | Schedule:
    """The rule, composed or not, or the schedule of that name. Raises UnknownName, the nearest names of either suggested."""
    if (found := catalogue.find(name)) is not None:
        return found
    catalogue.refuse_unknown(name)
    return composed(name) or catalogue.rule(name)


def reference_of(rule: Rule) -> Rule:
    """The reference by whose golden cases a composed rule is judged: of those that it is a deviation of, the one whose cases send it most.

    Raises RefoptError where there is none.
    """
    making = [r for r in catalogue.rules() if any(x.name == rule.name for x in (*named(r, frozenset(), True), *pairs(r, True), *tied(r)))]
    if not making:
        base = rule.name.partition("+")[0]
        raise RefoptError(
            f"{rule.name} has no golden cases",
            help=f"judge what is inside by {base}, which has: --rule {base}   code to hold yours against: refopt show {rule.name} --as numpy",
        )
    return max(making, key=lambda r: (len(set(r.hyper_names) & set(rule.hyper_names)), -len(r.hyper_names)))


@cache
def _made() -> Mapping[str, Rule]:
    """Rules that verdicts may name and the catalogue does not list, by name."""
    found = (r for reference in catalogue.rules() for r in (*named(reference, frozenset(), True), *pairs(reference, True), *tied(reference)))
    known = {r.name for r in catalogue.rules(variants=True)}
    return {r.name: r for r in found if r.name not in known}
