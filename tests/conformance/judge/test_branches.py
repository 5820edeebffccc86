"""Where rounding decides a sign or a comparison: each branch is right, and nothing between them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from refopt.catalogue import rule
from refopt.conformance.judge.branches import branches, decides
from refopt.conformance.judge.exact_update import fraction
from refopt.conformance.judge.model import Model, in_force
from refopt.conformance.judge.stepwise import Judged, stepwise
from refopt.conformance.judge.summary import summarise
from refopt.conformance.protocol.implementation import View
from refopt.language.expression import g, sign, theta, where
from refopt.language.rule import Let
from refopt.rounding.bound import Block, radii
from refopt.rounding.formats import FLOAT32
from tests.conformance.made import update

LION = {"theta": [1.0, 1.0], "m": [0.1, 0.1]}
CANCELS = [-0.9000000059604645, 1.0]
"""Gradients: beta1*m + (1 - beta1)*g is within its rounding of 0 in the first element, 0.19 in the second."""
RPROP = {"theta": [0.0, 0.0], "update_value": [0.25, 0.25], "g_before": [1e-30, 1.0]}
VANISHES = [1e-30, 1.0]
"""The product with the gradient before is nothing in float32, in the first element."""


def _judged(name: str, before: Mapping[str, Sequence[float]], g: Sequence[float], after: Mapping[str, Sequence[float]]) -> Judged:
    r = rule(name)
    (j,) = stepwise(Model(name, r), [update(before, after, g, t=5)], [in_force(r, {}, {})], {s: View(s) for s in r.state_names}, FLOAT32)
    return j


def _block(name: str, before: Mapping[str, Sequence[float]], g: Sequence[float]) -> Block:
    return Block(FLOAT32, in_force(rule(name), {}, {}), 5, before, g)


@pytest.mark.parametrize(("name", "goes"), [("adam", False), ("adopt", False), ("ftrl", False), ("lion", True), ("yogi", True), ("rprop", True)])
def test_rules_that_go_by_the_sign_of_an_element_s_own_value(name: str, goes: bool) -> None:
    assert decides(rule(name)) is goes


@pytest.mark.parametrize(("sign", "fails"), [(-1, False), (0, False), (1, False), (-0.5, True), (0.5, True)])
def test_a_sign_that_cancels_may_be_each_of_three_and_nothing_between(sign: float, fails: bool) -> None:
    m = [0.99 * 0.1 + 0.01 * x for x in CANCELS]
    j = _judged("lion", LION, CANCELS, {"theta": [1 - 0.0001 * sign, 0.9999], "m": m})
    assert j.undecided == 1 and j.ratio["theta"][1] <= 1
    assert bool(j.ratio["theta"][0] > 1) is fails
    hull = j.allowed["theta"].exact()[0]
    assert hull is not None and Fraction(0.0001) < hull


def test_a_state_that_no_update_assigns_is_where_it_was_on_both_branches() -> None:
    r = rule("rprop")
    held = tuple(replace(s, constant=True) if s.name == "update_value" else s for s in r.state)
    still = replace(r, steps=tuple(let for let in r.steps if let.name != "update_value"), state=held)
    after = {"theta": [-0.25, -0.25], "g_before": VANISHES, "update_value": [0.25, 0.25]}
    (j,) = stepwise(Model("still", still), [update(RPROP, after, VANISHES, t=5)], [in_force(r, {}, {})], {s: View(s) for s in r.state_names}, FLOAT32)
    assert j.undecided == 1 and all((x <= 1).all() for x in j.ratio.values())


@pytest.mark.parametrize(("size", "fails"), [(0.3, False), (0.25, False), (0.275, True), (0.2, True)])
def test_a_product_that_vanishes_leaves_the_step_or_lets_it_grow_and_nothing_between(size: float, fails: bool) -> None:
    j = _judged("rprop", RPROP, VANISHES, {"theta": [-size, -0.3], "update_value": [size, 0.3], "g_before": VANISHES})
    assert j.undecided == 1
    assert [bool(j.ratio[n][0] > 1) for n in ("theta", "update_value", "g_before")] == [fails, fails, False]
    assert all(float(j.ratio[n][1]) <= 1 for n in j.ratio)


def test_a_branch_has_the_exact_values_of_its_own_formula_and_a_bound_around_them() -> None:
    block = _block("rprop", RPROP, VANISHES)
    (found,) = branches(Model("rprop", rule("rprop")), [block])
    assert [b.places for b in found] == [(0,), (0,), (0,)]
    sizes = [float(fraction(b.exact["update_value"][0])) for b in found]
    assert sizes == pytest.approx([0.125, 0.25, 0.3]) and [float(fraction(b.exact["theta"][0])) for b in found] == pytest.approx([0, -0.25, -0.3])
    hull = radii(rule("rprop"), [block])[0]["theta"].exact()[0]
    assert hull is not None and all(x is not None and x < hull / 1000 for b in found for x in b.bound["theta"].exact())


def test_elements_that_are_decided_have_no_branches_and_the_others_are_counted_with_their_likes() -> None:
    assert branches(Model("lion", rule("lion")), [_block("lion", LION, [1.0, -2.0]), _block("lion", LION, [0.0, 0.0])]) == [[], []]
    j = _judged("lion", LION, CANCELS, {"theta": [1.0, 0.9999], "m": [0.99 * 0.1 + 0.01 * x for x in CANCELS]})
    assert summarise("a case", [j, j], first_t=5).undecided == 2
    assert np.isfinite(j.ratio["theta"]).all()


def test_a_branch_may_leave_the_sign_of_a_number() -> None:
    product, moved = rule("rprop").steps[0], Let(theta, theta - sign(where(rule("rprop").steps[0].symbol < 0, 0, g)))
    r = replace(rule("rprop"), steps=(product, *rule("rprop").steps[1:3], moved))
    (found,) = branches(Model("rprop", r), [_block("rprop", RPROP, VANISHES)])
    assert [float(fraction(b.exact["theta"][0])) for b in found] == [0, -1, -1]
    assert found[0].bound["theta"].exact()[0] == 0
