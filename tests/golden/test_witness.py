"""Witnesses are drawn again as they were found, from inside the domains, and each sees an edit that nothing else sees."""

from __future__ import annotations

from fractions import Fraction

import pytest

from refopt.catalogue import rule, rules
from refopt.golden import store
from refopt.golden.witness import WITNESSES, drawn, witnesses
from refopt.golden.witness_search import hand_made, search
from tests.quality.counts import kills


def test_a_draw_is_the_same_whenever_it_is_drawn() -> None:
    assert drawn(rule("adam"), 7, 1) == drawn(rule("adam"), 7, 1)
    assert drawn(rule("adam"), 7, 1).grads != drawn(rule("adam"), 8, 1).grads


def test_draws_are_inside_the_domains() -> None:
    for r in rules(variants=True):
        for number in range(1, 20):
            case = drawn(r, number, 1)
            assert r.values(case.hyper)
            assert all(Fraction(x) >= 0 for x in case.lr or ()), case.id


@pytest.mark.parametrize("name", WITNESSES)
def test_the_committed_witnesses_are_the_draws_of_the_table(name: str) -> None:
    committed = [c for c in store.cases(name) if "-witness-" in c.id]
    assert [(c.id, c.hyper, c.lr, c.params, c.grads) for c in committed] == [(c.id, c.hyper, c.lr, c.params, c.grads) for c in witnesses(rule(name))]


@pytest.mark.parametrize("name", WITNESSES)
def test_each_witness_sees_an_edit_that_no_other_case_sees(name: str) -> None:
    killers = {case for entry in kills(name)["killed"].values() for case in entry.values()}
    assert all(c.id in killers for c in store.cases(name) if "-witness-" in c.id)


def test_searching_again_finds_the_same_draws() -> None:
    name = "rmsprop"
    assert search(rule(name), hand_made(name)) == WITNESSES[name]


def test_nothing_is_searched_for_where_nothing_is_missing() -> None:
    assert search(rule("sgd"), store.cases("sgd")) == ()
