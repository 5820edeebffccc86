"""Mutants that read a further input wrongly: taken for the gradient, without its sign, a step late; golden cases see each of them."""

from __future__ import annotations

import pytest

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD
from refopt.golden.expected import certify_case, with_bounds
from refopt.golden.further_inputs import with_inputs
from refopt.golden.inputs import open_loop
from refopt.golden.kills import fate
from refopt.golden.mutants import Mutant, mutants
from refopt.golden.notation import notation
from refopt.golden.witness import drawn
from refopt.language.rule import Rule
from tests.catalogue.sophia import SOPHIA

RULES = pytest.mark.parametrize("rule", [NOISY_SGD, SOPHIA], ids=lambda r: r.name)


def _misread(rule: Rule) -> list[Mutant]:
    (name,) = rule.input_names
    return [m for m in mutants(rule) if notation(m.edit).partition(": ")[2] in (f"{name} -> g", f"{name} -> abs({name})", f"{name} -> previous {name}")]


@RULES
def test_there_are_three_and_the_cases_kill_them_in_float64_and_float32(rule: Rule) -> None:
    few = [with_inputs(c, rule) for c in open_loop(rule) if any(f"-{x}-" in c.id for x in ("dyadic", "low", "rate"))]
    cases = with_bounds([certify_case(c, rule)[0] for c in few], rule)
    found = {notation(m.edit): fate(m, rule, cases) for m in _misread(rule)}
    assert len(found) == 3
    assert all({"float64", "float32"} <= set(f.killed) and not f.is_equivalent for f in found.values()), found


def test_a_draw_has_its_inputs_wherever_it_stands() -> None:
    assert drawn(NOISY_SGD, 3, 1).inputs == drawn(NOISY_SGD, 3, 2).inputs != drawn(NOISY_SGD, 4, 1).inputs
