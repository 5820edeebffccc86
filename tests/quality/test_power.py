"""The power certificate: every edit of every rule and schedule is proved equivalent, seen by a golden case, or listed with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue import rules, schedules
from refopt.catalogue.symbols import lr, momentum, velocity
from refopt.golden.expected import certify_case, with_bounds
from refopt.golden.inputs import open_loop, texts
from refopt.golden.kills import kills_text, sees_mutants
from refopt.golden.model import Case
from refopt.language.expression import absolute, g, theta
from refopt.language.hyper import Hyper
from refopt.language.role import Role
from refopt.language.rule import Let, Rule, Source, State
from refopt.language.schedule import Schedule
from tests.quality.counts import kills
from tests.quality.power import listed_share, shortcomings

EVERYTHING: list[Rule | Schedule] = [*rules(variants=True), *schedules(variants=True)]

TOY = Rule(
    "toy", "a rule for this test only", (Source("nobody", "nowhere"),),
    (Hyper(lr, "0.1", lr >= 0, Role.RATE, "step size"), Hyper(momentum, "0.9", (momentum >= 0, momentum < 1), Role.MOMENTUM, "decay")),
    (State(velocity, 0, "velocity"),),
    (Let(velocity, momentum * velocity + (1 - momentum) * g * absolute(g)), Let(theta, theta - lr * velocity)),
)  # fmt: skip


@pytest.mark.parametrize("concept", EVERYTHING, ids=lambda c: c.name)
def test_every_edit_has_a_fate_and_few_are_not_seen(concept: Rule | Schedule) -> None:
    assert shortcomings(concept, kills(concept.name)) == []


def _with_values(cases: list[Case]) -> list[Case]:
    return with_bounds([certify_case(c, TOY)[0] for c in cases], TOY)


def _few(rule: Rule) -> list[Case]:
    """Some of the cases that every rule gets."""
    return [c for c in open_loop(rule) if sees_mutants(c) and any(word in c.id for word in ("-low-", "-rate-", "-dyadic-"))]


def test_a_new_rule_with_the_usual_cases_has_its_certificate() -> None:
    document = json.loads(kills_text(TOY, _with_values(_few(TOY))).text)
    assert shortcomings(TOY, document) == []


def test_a_new_rule_whose_cases_see_nothing_has_none() -> None:
    blind = [replace(c, grads=tuple((texts([Fraction(0)] * c.params[0].tile),) for _ in c.grads)) for c in _few(TOY)]
    document = json.loads(kills_text(TOY, _with_values(blind)).text)
    found = shortcomings(TOY, document)
    assert listed_share(document, "float64") > 0.5
    assert any("seen by no case in float64" in line for line in found)
    assert any("listed without a reason" in line for line in found)


def test_a_new_rule_without_a_list_of_kills_is_noticed() -> None:
    with pytest.raises(FileNotFoundError):
        kills(TOY.name)


def test_kills_of_another_formula_are_noticed() -> None:
    sgd, other = EVERYTHING[0], EVERYTHING[1]
    assert "the kills are those of another formula" in shortcomings(other, kills(sgd.name))
