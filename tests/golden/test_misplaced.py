"""Edits that hold only somewhere are seen where they hold, and not where they do not."""

from __future__ import annotations

import json

import pytest

from refopt.catalogue import rule, rules, schedule, schedules
from refopt.golden import store
from refopt.golden.misplaced import misread, places, spans
from refopt.golden.misplaced_kills import misplaced

EVERY = [x.name for x in (*rules(variants=True), *schedules(variants=True))]
KINDS = ("where", "when", "sent")
LISTED = {
    ("adagrad", "sent"): 1, ("adagrad/eps_in_sqrt", "sent"): 1, ("adagrad/lr_decay", "sent"): 1, ("adadelta", "sent"): 1,  # eps = 0 taken for its default
    ("cocob/bet", "sent"): 1,  # the same
    ("rmsprop/corrected", "when"): 3, ("nadam/one_correction", "when"): 4, ("adopt/nesterov", "when"): 3,  # windows of t in which no case begins
    ("noisy_sgd", "when"): 3,
}  # fmt: skip
"""Edits that no case sees, by rule and kind, where they are more than a fifth; KILLS.json lists each."""


@pytest.mark.parametrize("name", [r.name for r in rules(variants=True)])
def test_each_kind_of_edit_is_killed_in_float64_and_float32_or_listed(name: str) -> None:
    document = json.loads((store.packed_root() / name / "KILLS.json").read_text())
    for kind in KINDS:
        entries = {i: e for i, e in document["killed"].items() if e.get("kind") == kind}
        listed = {i: e for i, e in document["listed"].items() if e.get("kind") == kind}
        both = [i for i, e in entries.items() if "float64" in e and "float32" in e]
        assert both, (name, kind)
        missed = [i for i in listed if i not in both]
        assert len(missed) <= LISTED.get((name, kind), len(entries | listed) // 5), (name, kind, missed)


@pytest.mark.parametrize("name", [s.name for s in schedules(variants=True)])
def test_what_a_schedule_takes_otherwise_than_it_is_sent_is_killed(name: str) -> None:
    document = json.loads((store.packed_root() / name / "KILLS.json").read_text())
    killed = {e["edit"] for e in document["killed"].values() if e.get("kind") == "sent"}
    assert killed == {m.text for m in misread(schedule(name))} and killed
    assert not [e for e in document["listed"].values() if e.get("kind") == "sent"]


def test_places_and_spans_are_drawn_by_the_rules_name_alone() -> None:
    adam = rule("adam")
    assert [p.text for p in places(adam)] == [p.text for p in places(adam)]
    assert [s.text for s in spans(adam)] != [s.text for s in spans(rule("adamw"))]
    assert all(p.hits([(3, 4), (3, 4), (64,)], i).shape == (n,) for p in places(adam) for i, n in ((0, 12), (1, 12), (2, 64)))


def test_a_value_that_is_zero_or_large_is_taken_otherwise_and_no_other() -> None:
    found = {m.text: m for m in misread(rule("adam"))}
    assert found["beta1: beta1 or 0.9, its default"].taken(0.0) == 0.9
    assert all(m.taken(0.5) == 0.5 for m in found.values())
    assert found["lr: at most 1" if "lr: at most 1" in found else "lr: at most 2"].taken(4.0) < 4


def test_without_the_cases_of_where_no_edit_of_a_place_is_seen() -> None:
    sgd = rule("sgd")
    with_values = [c for c in store.cases("sgd") if c.expect]
    blind = [m for m in misplaced(sgd, [c for c in with_values if c.like is None]) if m.kind == "where"]
    assert blind and not any(m.killed for m in blind)
