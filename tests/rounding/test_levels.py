"""Products computed together, a level at a time: what they come to one by one."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from refopt import catalogue
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.rounding import levels
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FORMATS
from tests.catalogue.own import own_nadam, own_radam

RULES = (catalogue.rule("amsgrad"), catalogue.rule("rmsprop/centered"), own_nadam.OWN_NADAM, own_radam.OWN_RADAM)
SEED = 20261129


def _blocks(rule: Rule) -> list[Block]:
    """Updates of ordinary elements, of zeros, and of one whose second moment is 0; with beta1 of 0 too."""
    rng = random.Random(SEED)
    found = []
    for format_name in ("float64", "bfloat16"):
        for changed in ({}, {"beta1": Fraction(0)} if "beta1" in rule.hyper_names else {}):
            before = {n: [Fraction(rng.randint(0, 200), 64) for _ in range(6)] + [Fraction(0)] * 2 for n in ("theta", *rule.state_names)}
            before |= {s.name: [Fraction(9) if s.kind is Kind.INTEGER else Fraction(3, 4)] * 8 for s in rule.scalar_state}
            g = [Fraction(rng.randint(-200, 200), 64) for _ in range(7)] + [Fraction(0)]
            found.append(Block(FORMATS[format_name], {**rule.values(), **changed}, 10, before, g))
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_products_together_have_the_bounds_of_products_one_by_one(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    together = radii(rule, _blocks(rule))
    monkeypatch.setattr(levels, "ENCLOSING", ())
    monkeypatch.setattr(levels, "_PLANS", {})
    one_by_one = radii(rule, _blocks(rule))
    assert any(r.claims().any() for r in together[0].values())
    assert [{n: r.texts() for n, r in found.items()} for found in together] == [{n: r.texts() for n, r in found.items()} for found in one_by_one], SEED
