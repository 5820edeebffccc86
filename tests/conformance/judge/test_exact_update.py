"""One exact update: MPFR's numbers give what mpmath's give, and an element without a value has none in either."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from refopt import catalogue
from refopt.conformance.judge import exact_update as module
from refopt.conformance.judge.exact_update import exact_update
from refopt.language.expression import Kind
from refopt.language.rule import Rule
from refopt.rounding.bound import Block
from refopt.rounding.formats import FORMATS

SEED = 20261129
HALF_A_UNIT = Fraction(1, 10**49)
"""Each operation of 50 digits errs by at most half a unit of the last, so that a few operations on positive numbers err by less than this."""


def _block(rule: Rule, t: int, draw: random.Random, zeros: bool) -> Block:
    before: dict[str, list[Any]] = {n: [0.0 if zeros and i % 2 else abs(draw.gauss(0, 1)) for i in range(5)] for n in ("theta", *rule.state_names)}
    before |= {s.name: [Fraction(t - 1) if s.kind is Kind.INTEGER else Fraction(3, 4)] * 5 for s in rule.scalar_state}
    g, *beside = ([0.0 if zeros and i < 3 else draw.gauss(0, 1) for i in range(5)] for _ in range(1 + len(rule.inputs)))
    return Block(FORMATS["float64"], rule.values(), t, before, g, inputs=dict(zip(rule.input_names, beside, strict=True)))


@pytest.mark.parametrize("name", [r.name for r in catalogue.rules(variants=True)])
def test_both_sorts_of_numbers_give_the_same_values(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gmpy2")
    draw, rule = random.Random(f"{SEED} {name}"), catalogue.rule(name)
    blocks = [_block(rule, t, draw, zeros) for t in (1, 2, 9, 1_000) for zeros in (False, True)]
    fast = [exact_update(rule, b) for b in blocks]
    monkeypatch.setattr(module, "has_mpfr", lambda: False)
    for block, found in zip(blocks, fast, strict=True):
        expected = exact_update(rule, block)
        assert list(found) == list(expected)
        for variable, values in expected.items():
            for x, y in zip(values, found[variable], strict=True):
                assert (x is None) == (y is None) and (x is None or type(x) is type(y)), (SEED, name, block.t, variable)
                assert x is None or abs(module.fraction(x) - module.fraction(y)) <= HALF_A_UNIT * abs(module.fraction(x)), (SEED, name, block.t, variable)


def test_only_the_element_that_divides_zero_by_zero_has_no_value() -> None:
    adam = catalogue.rule("adam")
    hyper = {**adam.values(), "eps": Fraction(0)}
    block = Block(FORMATS["float64"], hyper, 1, {"theta": [1.0, 1.0], "m": [0.0, 0.0], "v": [0.0, 0.0]}, [0.0, 1.0])
    found = exact_update(adam, block)
    assert found["theta"][0] is None and abs(module.fraction(found["theta"][1]) - (1 - hyper["lr"])) < HALF_A_UNIT
    assert None not in found["m"] and None not in found["v"]


def test_a_state_that_the_rule_does_not_assign_stays_and_an_empty_tensor_has_no_values() -> None:
    sgd = catalogue.rule("sgd")
    assert exact_update(sgd, Block(FORMATS["float64"], sgd.values(), 1, {"theta": []}, [])) == {"theta": []}
