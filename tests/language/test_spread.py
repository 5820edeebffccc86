"""States of one value seen as states of one value an element."""

from __future__ import annotations

from refopt.catalogue import rule
from refopt.language.spread import counts, spread
from tests.catalogue.own.own_nadam import OWN_NADAM as NADAM
from tests.catalogue.own.own_radam import OWN_RADAM as RADAM


def test_a_rule_without_states_of_one_value_stays_as_it_is() -> None:
    assert spread(rule("adam")) is rule("adam") and counts(rule("adam")) == ()


def test_a_real_state_of_one_value_gets_one_an_element_and_so_does_what_is_made_of_it() -> None:
    wide = spread(NADAM)
    assert [s.name for s in NADAM.scalar_state] == ["mu_product"] and wide.scalar_state == ()
    assigned = {let.name: let.symbol.is_scalar for let in wide.steps}
    assert not assigned["mu_product"] and assigned["mu"] and assigned["mu_next"]


def test_the_formula_is_the_same() -> None:
    old, new = NADAM.closed_form(), spread(NADAM).closed_form()
    assert all(str(old[name]) == str(new[name]) for name in old)


def test_a_count_stays_one_number() -> None:
    whole = [s.name for s in RADAM.state if s.is_scalar and s.kind.value == "integer"]
    assert counts(RADAM) == tuple(whole) and [s.name for s in spread(RADAM).scalar_state] == whole
