"""`prove`: an implementation's own code, read as a formula, is the rule for all inputs; or it is something else; or it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from refopt import catalogue
from refopt.catalogue import candidates
from refopt.catalogue.letters import letters
from refopt.conformance.diagnose.formulas import rule_named
from refopt.errors import RefoptError
from refopt.frameworks import handed, unclear
from refopt.frameworks.misnamed import NoRuleYet
from refopt.language.role import Role
from refopt.language.rule import Rule
from refopt.lifting.assumption import Assumed, Assumption
from refopt.lifting.lifted import Lifted
from refopt.lifting.obstacle import Hindrance, Obstacle
from refopt.lifting.readings import Readings
from refopt.lifting.unreadable import CannotRead
from refopt.proof.compare import Relation, is_rule, relate, state_witness, without
from refopt.proof.formula import parted, rule_lines, written
from refopt.proof.related import Multiple, Same
from refopt.proof.same_formula import same_formula
from refopt.proving.answer import Answer, Asked, Default, Differs, Equal, Unreadable
from refopt.proving.lift import lift, readings
from refopt.proving.second_opinion import second_opinion
from refopt.proving.suggest_configuration import remedy


def prove(implementation: Any, rule: str | None = None) -> Answer:
    """Compare an implementation's own code with a rule or schedule: its name as on the command line, or an object or its factory.

    Raises UnknownName or RefoptError where it cannot be loaded, is not in the catalogue, or its rule is not clear.

    >>> prove("refopt.generated.numpy.sgd").verdict
    'equal'
    """
    loaded = implementation if hasattr(implementation, "rule") and hasattr(implementation, "settings") else loaded_from(implementation, rule)
    if hasattr(loaded, "rates"):
        from refopt.proving.prove_schedule import prove_schedule

        return prove_schedule(loaded, catalogue.schedule(rule or loaded.rule))
    return _prove(loaded, rule_named(rule or loaded.rule))


def loaded_from(implementation: Any, rule: str | None, maps: Mapping[str, str] | None = None) -> Any:
    """The implementation that the adapters make of a name, an object or a factory; `maps` says what names of its own mean."""
    try:
        loaded = handed(implementation, rule, maps)
    except NoRuleYet as error:
        raise RefoptError(error.message, help=error.help_for("prove")) from None
    if loaded.rule is None:
        raise unclear(loaded.name, schedule=hasattr(loaded, "rates"))
    return loaded


def _prove(implementation: Any, rule: Rule) -> Answer:
    asked = Asked(implementation.name, implementation.version, rule.name, defaults=differing(implementation, rule))
    try:
        found = readings(implementation, rule)
    except CannotRead as reason:
        return Unreadable(asked, reason.reason, reason.where)
    asked = replace(asked, frames=found.frames)
    try:
        answer = _of_every(implementation, rule, found, asked)
    except RecursionError:  # SymPy rewrites some conditions on floors for ever
        return Unreadable(asked, Hindrance(Obstacle.ENDLESS))
    if found.catches and isinstance(answer, Differs) and not answer.witness.has_second:
        return Unreadable(asked, Hindrance(Obstacle.NOT_FOLLOWED, tuple(f"{n} = {x}" for n, x in answer.witness.point.items())))
    return answer


def _of_every(implementation: Any, rule: Rule, found: Readings, asked: Asked) -> Answer:
    answer = _of_one(implementation, rule, found.whole, asked)
    for other in found.apart if isinstance(answer, Equal) else ():
        elsewhere = _of_one(implementation, rule, replace(other.lifted, assumed=found.whole.assumed), replace(asked, place=other.where))
        if not isinstance(elsewhere, Equal):
            return elsewhere
    return answer


def is_proved(implementation: Any, rule: Rule) -> bool:
    """True where an implementation is proved to be the rule in every place that `prove` looks at; no name or point is looked for where it is not."""
    try:
        found = readings(implementation, rule)
    except CannotRead:
        return False
    every = (found.whole, *(other.lifted for other in found.apart))
    return all(_is_shown(implementation, rule, relate(with_what_it_has(implementation, rule, x)[0], x.rule(), look=False)) for x in every)


def _is_shown(implementation: Any, rule: Rule, relation: Relation) -> bool:
    return relation.same is Same.EVERYWHERE and _shows(implementation, rule, relation.multiple)


def _of_one(implementation: Any, rule: Rule, lifted: Lifted, asked: Asked) -> Answer:
    """Answer for the formula of one place."""
    whole, fixed = with_what_it_has(implementation, rule, lifted)
    not_set = (Assumed(Assumption.NOT_SET, (n, x)) for n, x in fixed.items())
    asked = replace(asked, route=lifted.route, assumed=(*lifted.assumed, *not_set))
    read = lifted.rule()
    relation = relate(whole, read)
    if _is_shown(implementation, rule, relation):
        return Equal(asked, checked_by=second_opinion(whole, lifted))
    if relation.same is Same.EVERYWHERE:
        assert relation.multiple is not None
        relation = replace(relation, witness=state_witness(whole, read, relation.multiple.state))
    if relation.witness is None:
        undecided = Hindrance(Obstacle.UNDECIDED, (rule.name,))
        reason = undecided if relation.need is None else Hindrance(Obstacle.NO_VALUE_SOMEWHERE, (rule.name, str(relation.need)))
        return Unreadable(asked, Hindrance(Obstacle.IN_PLACE, (asked.place,), reason) if asked.place else reason)
    return _differs(implementation, asked, rule, lifted, read, relation)


def differing(implementation: Any, rule: Rule) -> tuple[Default, ...]:
    """The defaults that are not the rule's."""
    own = {h.name: h for h in rule.hyper}
    found = []
    for name, value in implementation.settings.items():
        if name in own and float(own[name].value(own[name].default)) != float(value):
            found.append(Default(name, f"{value:.17g}" if float(f"{value:g}") != value else f"{value:g}", own[name].default))
    return tuple(found)


def _shows(implementation: Any, rule: Rule, multiple: Multiple | None) -> bool:
    """True where the state is the rule's as `check` reads it: theta is the same, but a velocity may point the other way."""
    if multiple is None or multiple.state not in (views := implementation.views(rule)):
        return True
    view = views[multiple.state]
    factor = next(iter(rule.at_rate(None)), "1") if view.times_lr else "1"
    return multiple.factor == ("-" if view.sign < 0 else "") + factor


def with_what_it_has(implementation: Any, rule: Rule, lifted: Lifted) -> tuple[Rule, dict[str, str]]:
    """The rule with what stands in the code, else its defaults, in the place of hyperparameters that the implementation does not have, and those."""
    own = {h.name for h in lifted.hyper}
    constants: Mapping[str, str] = getattr(implementation, "constants", {})
    fixed = {h.name: constants.get(h.name, h.default) for h in rule.hyper if h.name not in own}
    return (without(rule, {n: Fraction(x) for n, x in fixed.items()}) if fixed else rule), fixed


def _differs(implementation: Any, asked: Asked, rule: Rule, lifted: Lifted, read: Rule, relation: Relation) -> Differs:
    assert relation.witness is not None
    matches = () if relation.need is not None else tuple(matching(implementation, rule, lifted, read))
    yours = rule_lines(matches[0]) if matches else written(lifted, rule, own_words=relation.need is not None)
    shown, reference = parted(yours, rule_lines(rule))
    return Differs(
        asked, tuple(m.name for m in matches), shown, reference, relation.witness, relation.multiple,
        remedy(implementation, lambda other: is_rule(rule, lift(other, rule).rule())),
        checked_by=second_opinion(with_what_it_has(implementation, matches[0], lifted)[0], lifted) if matches else None,
        need="" if relation.need is None else str(relation.need),
    )  # fmt: skip


def matching(implementation: Any, rule: Rule, lifted: Lifted, read: Rule) -> Iterator[Rule]:
    """The named rules that the implementation is proved to be: of those that are one formula, the one with the fewest hyperparameters.

    A hyperparameter of `rule` that the implementation does not let be set has the same value in each of them.
    """
    own = frozenset(h.name for h in lifted.hyper)
    there = own | frozenset(with_what_it_has(implementation, rule, lifted)[1])
    decays = not letters(Role.WEIGHT_DECAY).isdisjoint(own)
    for tried in (candidates.named(rule, own, decays), candidates.pairs(rule, decays)):
        found = [r for r in tried if set(r.hyper_names) <= there and is_rule(with_what_it_has(implementation, r, lifted)[0], read)]
        if found:
            yield from _apart(found)
            return


def _apart(found: list[Rule]) -> list[Rule]:
    """Without those that are the same formula as one before them."""
    kept: list[Rule] = []
    for rule in sorted(found, key=lambda r: len(r.hyper_names)):
        if not any(same_formula(rule, other, (), ()) for other in kept):
            kept.append(rule)
    return kept
