"""Assumptions of a reading: each once, in one order, whatever order they were found in."""

from __future__ import annotations

from itertools import permutations

from refopt.lifting.assumption import FINITE, Assumed, Assumption, counts_below, in_order, of_zero


def test_assumptions_are_ordered_by_what_they_are_about() -> None:
    wanted = (FINITE, of_zero("eps", False), of_zero("eps", True), of_zero("momentum", True), counts_below(2**31 - 1), of_zero("weight_decay", True))
    for found in permutations(wanted):
        assert in_order(found) == wanted
    assert in_order([*wanted, *wanted]) == wanted and in_order(()) == ()


def test_two_assumptions_are_one_where_all_that_they_say_is() -> None:
    assert of_zero("eps", True) == Assumed(Assumption.NOT_ZERO, ("eps",)) != of_zero("eps", False) and of_zero("eps", True) != of_zero("lr", True)
    assert counts_below(5) != counts_below(6)
