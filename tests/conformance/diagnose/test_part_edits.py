"""Edits that a part of the elements or of the updates alone can have."""

from __future__ import annotations

from itertools import islice

from refopt.catalogue import rule
from refopt.conformance.diagnose.part_edits import part_edits
from refopt.golden.change import Change, Kind
from refopt.language.rule import Rule


def _changes(r: Rule, n: int) -> list[Change]:
    """The first edits as data."""
    return [e.change for e in islice(part_edits(r), n) if isinstance(e.change, Change)]


def test_a_part_may_not_be_updated_or_start_anew() -> None:
    assert [c.kind for c in _changes(rule("momentum"), 3)] == [Kind.NOT_UPDATED, Kind.NOTHING_UPDATED, Kind.STARTS_ANEW]


def test_what_is_left_out_leaves_theta_where_it_was() -> None:
    edit = next(part_edits(rule("adam")))
    assert str(edit.rule.steps[-1].value) == "theta" and [let.name for let in edit.rule.steps][:2] == ["m", "v"]


def test_states_start_anew_each_by_itself_and_all_together() -> None:
    assert [c.names for c in _changes(rule("adam"), 8) if c.kind is Kind.STARTS_ANEW] == [("m",), ("v",), ("m", "v")]


def test_a_rule_without_states_has_nothing_to_start_anew() -> None:
    assert all(c.kind is not Kind.STARTS_ANEW for c in _changes(rule("sgd"), 4))


def test_a_variant_comes_before_an_edit() -> None:
    kinds = [c.kind for c in _changes(rule("momentum"), 10)]
    assert Kind.OTHER_VARIANT in kinds and kinds.index(Kind.OTHER_VARIANT) == 3
