"""Every formula that a screen may name, by that name.

A verdict names rules of the catalogue, rules made of two variants (`adam/eps_hat+adam/eps_in_sqrt`), and rules with
something put in (`adam/eps_hat+decay`, `sgd+clip_norm`); so each of these names is understood wherever one is typed. A person may
write what is put in as a function: `lookahead(lion)` is `lion+lookahead`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

from refopt import catalogue
from refopt.catalogue.candidates import named, pairs, tied
from refopt.catalogue.derived_variants import has_second_moment, with_largest_moment
from refopt.errors import RefoptError
from refopt.identify.candidates import clipped_by_norm
from refopt.language.compose import cautious, clipped, grams, lookahead, with_weight_decay
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule


def has_rate(rule: Rule) -> bool:
    """True where a rule has a learning rate."""
    return rule.learning_rate is not None


PUT_IN: Mapping[str, Callable[[Rule], Rule]] = {
    "decay": with_weight_decay, "l2": partial(with_weight_decay, decoupled=False), "clip": clipped, "clip_norm": clipped_by_norm,
    "amsgrad": with_largest_moment, "lookahead": lookahead, "cautious": cautious, "grams": grams,
}  # fmt: skip
"""By the last word of a composed name: what is put into the rule that is named before it."""
NEEDED: Mapping[str, Callable[[Rule], bool]] = {"decay": has_rate, "l2": has_rate, "amsgrad": has_second_moment}
"""Requirements that a rule must meet for something to be put in."""


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
    if not isinstance(base, Rule) or last not in PUT_IN or (last in NEEDED and not NEEDED[last](base)):
        return None
    return PUT_IN[last](base)


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
    if name.partition("/")[0] in {s.family for s in catalogue.schedules()}:
        return catalogue.schedule(name)
    return composed(name) or catalogue.rule(name)


def reference_of(rule: Rule) -> Rule:
    """The reference by whose golden cases a composed rule is judged: of those that it is a deviation of, the one whose cases send it most.

    Raises RefoptError where there is none.
    """
    making = [r for r in catalogue.rules() if any(x.name == rule.name for x in (*named(r, frozenset(), True), *pairs(r, True), *tied(r)))]
    if not making:
        base = rule.name.partition("+")[0]
        way = f"judge what is inside by {base}, which has: --rule {base}   code to hold yours against: refopt show {rule.name} --as numpy"
        raise RefoptError(f"{rule.name} has no golden cases", help=way)
    return max(making, key=lambda r: (len(set(r.hyper_names) & set(rule.hyper_names)), -len(r.hyper_names)))


@cache
def _made() -> Mapping[str, Rule]:
    """Rules that verdicts may name and the catalogue does not list, by name."""
    found = (r for reference in catalogue.rules() for r in (*named(reference, frozenset(), True), *pairs(reference, True), *tied(reference)))
    known = {r.name for r in catalogue.rules(variants=True)}
    return {r.name: r for r in found if r.name not in known}
