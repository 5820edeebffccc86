"""One update of two rules: alike, or up to a multiple of the state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from refopt import catalogue
from refopt.language.expression import g, tensor, theta
from refopt.language.rule import Let, Rule, State
from refopt.proof.compare import relate
from refopt.proof.one_update import OneUpdate
from refopt.proof.related import Same
from refopt.proof.update_trees import after


def _pair(first: str, second: str) -> OneUpdate:
    return OneUpdate(catalogue.rule(first), catalogue.rule(second))


@pytest.mark.parametrize("rule", catalogue.rules(variants=True), ids=lambda r: r.name)
def test_a_rule_is_like_itself(rule: Rule) -> None:
    assert OneUpdate(rule, rule).alike()


def test_a_rule_that_chooses_by_the_step_is_looked_at_in_its_first_update_and_in_later_ones() -> None:
    assert len(_pair("momentum", "momentum/raw_start").regimes) == 2
    assert len(_pair("adam", "adam/eps_hat").regimes) == 1


def test_a_state_that_only_later_updates_use_is_looked_at_in_the_first_one_too() -> None:
    whole = catalogue.rule("adopt")
    averaged = tuple(replace(let, value=let.value.args[1]) if let.name == "v" else let for let in whole.steps)
    assert not OneUpdate(whole, replace(whole, steps=averaged)).alike()  # v of the first update is what the second divides by


def test_a_state_that_only_the_output_uses_is_looked_at_and_a_difference_in_it_is_shown() -> None:
    whole = catalogue.rule("asgd")
    early = replace(whole, steps=(*whole.steps[:2], *whole.steps[:1:-1]))  # the average takes theta as it was before the step
    assert not OneUpdate(whole, early).alike()
    found = relate(whole, early)
    assert found.same is Same.NO and found.witness is not None and found.witness.point["compared"] == "ax"
    alone = replace(whole, state=(), steps=tuple(let for let in whole.steps if let.name not in ("ax", "mu")), output=None)
    assert relate(whole, alone).same is Same.EVERYWHERE, "a program that leaves the average to another one takes the same steps"


def test_a_start_that_the_first_update_does_not_use_may_be_another_one() -> None:
    whole = catalogue.rule("adopt")
    v = next(s for s in whole.state if s.name == "v")
    elsewhere = replace(whole, state=tuple(replace(s, init=1) if s is v else s for s in whole.state))
    assert OneUpdate(whole, elsewhere).alike()
    elsewhere = replace(whole, state=tuple(s if s is v else replace(s, init=1) for s in whole.state))
    assert not OneUpdate(whole, elsewhere).alike()


def _anchored(start: Any = theta) -> Rule:
    """Descent that adds the sum of the gradients to what the parameter was at first, which it keeps."""
    anchor, total = tensor("theta_start"), tensor("total")
    state = (State(anchor, start, constant=True), State(total, 0))
    steps = (Let(total, total + g), Let(theta, anchor - total))
    return replace(catalogue.rule("sgd"), name="anchored", hyper=(), state=state, steps=steps)


def test_a_state_that_no_update_assigns_stays_what_it_is() -> None:
    whole, anchor = _anchored(), tensor("theta_start")
    assert OneUpdate(whole, whole).alike()
    state = (replace(whole.state[0], constant=False), whole.state[1])
    assigned, moved = (replace(whole, state=state, steps=(*whole.steps, Let(anchor, x))) for x in (anchor, anchor - g))
    assert OneUpdate(whole, assigned).alike() and OneUpdate(assigned, whole).alike()
    assert not OneUpdate(whole, moved).alike() and not OneUpdate(moved, whole).alike()
    assert not OneUpdate(whole, _anchored(2 * theta)).alike()


def test_a_state_that_no_update_assigns_is_found_to_differ_or_not() -> None:
    assert relate(_anchored(), _anchored()).same is Same.EVERYWHERE
    found = relate(_anchored(), _anchored(2 * theta))
    assert found.same is Same.NO


def test_rules_become_alike_for_some_values_of_a_hyperparameter() -> None:
    pair = _pair("adam", "adam/l2")
    assert not pair.alike()
    assert pair.alike({pair.hyper["weight_decay"].symbol.sym: sp.Integer(0)})


def test_a_state_that_only_one_of_them_has_makes_them_differ() -> None:
    assert not _pair("sgd", "momentum").alike()
    assert _pair("sgd", "momentum").multiple() is None


def test_theta_in_terms_of_the_new_state_exists_only_where_the_states_are_alike() -> None:
    assert _pair("adam", "adam/eps_hat").thetas_after_states() is not None
    assert _pair("momentum", "momentum/lr_outside").thetas_after_states() is None
    assert _pair("sgd", "momentum").thetas_after_states() is None


def test_a_state_that_no_update_assigns_is_among_the_trees_of_an_update() -> None:
    whole, anchor = _anchored(2 * theta), tensor("theta_start")
    assert after(whole, first=True)["theta_start"] == 2 * theta and after(whole, first=False)["theta_start"] == anchor
