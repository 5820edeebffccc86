"""Ends of domains, and both sides of every branch, are among the points that are tried."""

from __future__ import annotations

from fractions import Fraction

from refopt import catalogue
from refopt.language.expression import g, operation, t, theta, where
from refopt.proof.special_points import FAR, NEAR, branches, ends, on_every_side

HYPERS = {h.name: h for h in catalogue.rule("adam").hyper}


def test_a_closed_end_is_tried_itself_and_an_open_one_from_near() -> None:
    assert list(ends(HYPERS["beta1"])) == [0, 1 - NEAR]
    assert list(ends(HYPERS["lr"])) == [0, FAR]


def test_every_comparison_is_a_branch_once() -> None:
    tree = where(operation("gt", g, theta), operation("max", g, theta), operation("abs", g))
    assert branches([tree, tree]) == (g - theta, g)


def test_a_branch_on_a_number_is_tried_on_each_of_its_sides() -> None:
    base = {"g": Fraction(3, 5)}
    sides = {(p["g"] > 1000) - (p["g"] < 1000) for p in on_every_side(g - 1000, base, {}, {})}
    assert sides == {0, 1}


def test_a_branch_on_a_late_update_is_reached_exactly() -> None:
    points = list(on_every_side(t - 123_456_789, {"t": 7}, {}, {}))
    assert {0, 1} == {(p["t"] > 123_456_789) - (p["t"] < 123_456_789) for p in points}
