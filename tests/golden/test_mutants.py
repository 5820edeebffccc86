"""Mutants are one edit away, each another formula, and the edits that people make are among them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refopt.catalogue import rule, rules, schedule, schedules
from refopt.golden.mutants import formula, mutants, schedule_mutants
from refopt.report.words import told


def test_no_two_mutants_are_the_same_formula_and_none_is_the_rule() -> None:
    for r in rules(variants=True):
        texts = [formula(m.rule) for m in mutants(r)]
        assert len(set(texts)) == len(texts), r.name
        assert formula(r) not in texts


def test_no_two_mutants_are_the_same_formula_and_none_is_the_schedule() -> None:
    for s in schedules(variants=True):
        texts = [formula(m.schedule) for m in schedule_mutants(s)]
        assert len(set(texts)) == len(texts), s.name
        assert formula(replace(s, recursion=None)) not in texts
        assert texts, s.name


def test_ids_count_from_one_in_the_order_of_the_formula() -> None:
    assert [m.id for m in schedule_mutants(schedule("exponential"))][:2] == ["exponential-m001", "exponential-m002"]
    assert [m.id for m in mutants(rule("adam/eps_hat"))][:2] == ["adam.eps_hat-m001", "adam.eps_hat-m002"]


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("warmup", "rate: k < warmup_steps -> k <= warmup_steps"),
        ("warmup", "rate: k < warmup_steps -> k < warmup_steps - 1"),
        ("warmup", "everywhere: warmup_steps -> warmup_steps + 1"),
        ("step_decay", "rate: k -> k - 1"),
        ("step_decay", "rate: floor(k / every) -> k / every"),
        ("step_decay", "rate: lr*factor^floor(k / every) -> lr / factor^floor(k / every)"),
        ("step_decay", "everywhere: lr and factor exchanged"),
        ("cosine_annealing", "everywhere: period -> period - 1"),
        ("cosine_annealing", "rate: pi -> 1"),
        ("cosine_annealing", "rate: min(k, period) -> max(k, period)"),
        ("cosine_annealing", "rate: min(k, period) -> k"),
        ("cosine_annealing", "everywhere: lr and lr_min exchanged"),
        ("constant", "lr: always 0.1, its default"),
    ],
)
def test_the_edits_that_people_make_are_among_them(name: str, edit: str) -> None:
    edits = [told(m.edit) for m in schedule_mutants(schedule(name))]
    assert edit in edits, edits


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("adam", "v_hat: beta2 -> beta1"),
        ("adam", "everywhere: t -> t - 1"),
        ("adam", "everywhere: beta1 and beta2 exchanged"),
        ("adam", "theta: sqrt(v_hat) + eps -> sqrt(v_hat + eps)"),
        ("momentum/raw_start", "v: t = 1 -> t = 1 - 1"),
        ("amsgrad", "v_max: max(v_max, v) -> v"),
        ("momentum", "theta: v -> previous v"),
        ("momentum", "v starts at 1"),
    ],
)
def test_the_edits_of_rules_that_people_make_are_among_them(name: str, edit: str) -> None:
    edits = [told(m.edit) for m in mutants(rule(name))]
    assert edit in edits, edits
