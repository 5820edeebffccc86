"""Slips of a formula: each another one, none an edit that was tried before, told in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from refopt.catalogue import rule, rules, schedule, schedules
from refopt.conformance.diagnose.compound_edits import rule_slips, schedule_slips
from refopt.conformance.diagnose.edits import edits
from refopt.golden.mutants import formula
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from refopt.report.words import told


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_no_slip_is_made_twice_and_none_is_an_edit_or_the_rule(r: Rule) -> None:
    texts = [formula(e.rule) for e in rule_slips(r)]
    assert len(set(texts)) == len(texts)
    assert not {formula(r), *(formula(e.rule) for e in edits(r))} & set(texts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rmsprop", "v: rho and 1 - rho exchanged"),
        ("momentum", "theta: v -> v*lr"),
        ("momentum", "v: momentum*v + lr*g -> momentum*(v + lr*g)"),
        ("adam", "theta: lr * m_hat / (sqrt(v_hat) + eps) -> lr * m_hat / sqrt(v_hat) + eps"),
        ("adam", "theta: lr * m_hat / (sqrt(v_hat) + eps) -> lr*(m_hat / sqrt(v_hat) + eps)"),
        ("adam", "theta: v_hat -> v_hat + eps"),
        ("adam", "everywhere: lr -> lr*eps"),
        ("adamw", "theta: lr*weight_decay*theta put to the new theta"),
        ("amsgrad", "v_max: v -> g^2"),
        ("amsgrad", "v_max: v_max -> previous v"),
        ("adam", "m_hat: assigned after v_hat"),
        ("adam", "v: assigned twice"),
    ],
)
def test_what_people_do_is_among_the_slips(name: str, text: str) -> None:
    lines = {told(e.change) for e in rule_slips(rule(name))} | {told(e.change) for e in edits(rule(name))}
    assert text in lines, sorted(lines)


@pytest.mark.parametrize("s", schedules(variants=True), ids=lambda s: s.name)
def test_no_slip_of_a_schedule_is_the_schedule(s: Schedule) -> None:
    texts = [formula(x) for _, x in schedule_slips(s)]
    assert len(set(texts)) == len(texts)
    assert formula(replace(s, recursion=None)) not in texts


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("step_decay", "rate: k -> max(k - 1, 0)"),
        ("exponential", "rate: factor^k -> factor*k"),
        ("cosine_annealing", "rate: pi -> 180"),
        ("warmup", "everywhere: warmup_start -> warmup_start / lr"),
    ],
)
def test_what_people_do_to_a_schedule_is_among_its_slips(name: str, text: str) -> None:
    lines = [told(t) for t, _ in schedule_slips(schedule(name))]
    assert text in lines, lines


def test_every_slip_is_one_line_of_ascii() -> None:
    for r in rules(variants=True):
        assert all(told(e.change).isascii() and "\n" not in told(e.change) for e in rule_slips(r))
    for s in schedules(variants=True):
        assert all(told(t).isascii() and "\n" not in told(t) for t, _ in schedule_slips(s))
