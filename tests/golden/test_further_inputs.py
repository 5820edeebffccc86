"""Golden cases of rules that are given more than the gradient: drawn by role, certified, confirmed in decimals, written and read again."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from refopt.catalogue.optimizers.noisy_sgd import NOISY_SGD
from refopt.catalogue.optimizers.sgd import SGD
from refopt.errors import RefoptError
from refopt.golden.brief import like
from refopt.golden.closed_loop_inputs import closed_loops
from refopt.golden.document import dumps, hash_of, parse
from refopt.golden.expected import certify_case, confirm_case, has_values, with_bounds
from refopt.golden.further_inputs import with_inputs
from refopt.golden.inputs import edges, open_loop
from refopt.golden.model import Case, GoldenFile, Shape
from refopt.golden.outcome import outcome
from refopt.golden.probes import PROBES
from refopt.language.compose import renamed
from refopt.language.rule import Rule
from tests.catalogue.sophia import SOPHIA

RULES = pytest.mark.parametrize("rule", [SOPHIA, NOISY_SGD], ids=lambda r: r.name)
FEW = ("open-basic", "open-dyadic", "open-rate", "open-zeros")


def _cases(rule: Rule) -> list[Case]:
    return [with_inputs(c, rule) for c in open_loop(rule) if any(f"-{x}-" in c.id for x in FEW)]


@RULES
def test_each_value_is_certified_confirmed_and_bounded(rule: Rule) -> None:
    certified = [certify_case(c, rule) for c in _cases(rule)]
    assert len(certified) == len(FEW) and all(ok for _, ok in certified)
    cases = with_bounds([c for c, _ in certified], rule)
    assert [wrong for c in cases for wrong in confirm_case(c, rule)] == []
    bounds = [float(r) for c in cases if "-dyadic-" in c.id or "-rate-" in c.id for e in c.expect for p in e.params for r in p.bound["float32"]["theta"]]
    assert 0 < max(bounds) < 1e-4


@RULES
def test_another_input_is_another_run(rule: Rule) -> None:
    case, _ = certify_case(_cases(rule)[0], rule)
    (name,) = rule.input_names
    turned = tuple(tuple(None if x is None else x[::-1] for x in row) for row in case.inputs[name])
    assert confirm_case(replace(case, inputs={name: turned}), rule)


@RULES
def test_inputs_go_by_the_part_that_they_play_and_not_by_the_name(rule: Rule) -> None:
    (name,) = rule.input_names
    other = renamed(rule, {name: "z"})
    for a, b in zip(_cases(rule), _cases(other), strict=True):
        assert a.inputs[name] == b.inputs["z"]


def test_they_have_both_signs_zeros_and_in_a_hessian_sizes_on_both_sides_of_what_bounds_a_step() -> None:
    for rule, least, largest in ((SOPHIA, Fraction(1, 2**13), 2**8), (NOISY_SGD, Fraction(1, 4), 2)):
        values = [Fraction(x) for c in _cases(rule) for rows in c.inputs.values() for row in rows for x in row[0] or ()]
        sizes = [abs(x) for x in values if x]
        assert min(values) < 0 < max(values) and 0 in values
        assert least <= min(sizes) <= 4 * least and largest / 2 <= max(sizes) <= 2 * largest


@RULES
def test_a_file_holds_them_and_refuses_other_lengths(rule: Rule) -> None:
    case = with_bounds([certify_case(_cases(rule)[0], rule)[0]], rule)[0]
    file = GoldenFile(rule.name, rule.fingerprint, rule.latex(), "", "", {p: PROBES[p] for p in case.probes}, (case,))
    document = json.loads(dumps(file))
    assert parse(document, "x").cases == (case,)
    (name,) = rule.input_names
    document["cases"][0]["inputs"][name].pop()
    document["hash"] = hash_of(document)
    with pytest.raises(RefoptError, match=f"the input {name} needs a value wherever"):
        parse(document, "x")


def test_a_case_in_other_shapes_has_the_inputs_of_its_elements() -> None:
    base = with_bounds([certify_case(_cases(SOPHIA)[0], SOPHIA)[0]], SOPHIA)[0]
    other = like(base, "sophia-like-basic-001", "", base.probes, [Shape((3,), 3, 5)], base.keep[:1])
    rows = base.inputs["hessian"][0][0]
    assert rows is not None and other.inputs["hessian"][0] == ((rows[5], rows[6], rows[0]),)


@RULES
def test_what_has_no_single_answer_has_classes_and_there_is_no_training_run(rule: Rule) -> None:
    found = [outcome(with_inputs(c, rule), rule) for c in edges(rule) if not has_values(c)]
    assert any(x is not None for x in found)
    assert list(closed_loops(rule)) == []


def test_a_rule_of_gradients_alone_has_none() -> None:
    case = next(open_loop(SGD))
    assert with_inputs(case, SGD) is case and "inputs" not in dumps(GoldenFile("sgd", "", "", "", "", {}, (case,)))
