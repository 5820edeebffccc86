"""Edits of a formula: each another one, told in one line, in the context that a person would give."""

from __future__ import annotations

import pytest

from refopt.catalogue import rule, rules
from refopt.conformance.diagnose.edits import edits
from refopt.golden.mutants import formula, mutants
from refopt.language.rule import Rule
from refopt.report.words import told


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_no_two_edits_make_the_same_text_and_none_makes_the_rule(r: Rule) -> None:
    texts = [formula(e.rule) for e in edits(r)]
    assert len(set(texts)) == len(texts)
    assert formula(r) not in texts


@pytest.mark.parametrize("r", rules(variants=True), ids=lambda r: r.name)
def test_every_mechanical_mutant_is_an_edit(r: Rule) -> None:
    assert {formula(m.rule) for m in mutants(r)} <= {formula(e.rule) for e in edits(r)}


def test_a_changed_symbol_is_told_with_the_scalar_around_it() -> None:
    lines = {told(e.change) for e in edits(rule("adam"))}
    assert "v_hat: 1 - beta2^t -> 1 - beta1^t" in lines
    assert "theta: sqrt(v_hat) + eps -> sqrt(v_hat + eps)" in lines


@pytest.mark.parametrize(
    "text",
    [
        "everywhere: beta1 and beta2 exchanged", "eps: always 1e-7", "m: never updated", "everywhere: t stops at 1", "v: g -> m",
        "theta: eps -> sqrt(eps)", "everywhere: not updated where g = 0", "g: clipped to [-1, 1]", "everywhere: made twice",
        "m: m_hat is kept in its place", "everywhere: lr -> 10*lr", "everywhere: beta2 -> beta1",
    ],
)  # fmt: skip
def test_edits_of_a_whole_formula_are_among_them(text: str) -> None:
    assert text in {told(e.change) for e in edits(rule("adam"))}


def test_every_edit_is_one_line_of_ascii() -> None:
    for r in rules(variants=True):
        assert all(told(e.change).isascii() and "\n" not in told(e.change) for e in edits(r))
