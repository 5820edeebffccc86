"""Every derivation of the book runs as a proof, and none survives another formula of the rule that it is about."""

from __future__ import annotations

import random
from typing import Any

import pytest

from refopt import catalogue
from refopt.derivation import library
from refopt.derivation.derivation import Shown
from refopt.derivation.step import Kind
from refopt.golden.mutants import mutants
from refopt.golden.notation import notation
from tests.derivation.changed import turned
from tests.derivation.ran import SECONDS, ran

NAMES = [e.name for e in library.entries()]


@pytest.mark.parametrize("name", NAMES)
def test_the_derivation_holds(name: str) -> None:
    outcome = ran(name)
    assert outcome.refused is None, outcome.refused
    assert len(outcome.derivation.steps) >= 7
    assert all(s.points == 8 for s in outcome.derivation.steps if s.assumptions and s.kind is not Kind.WITNESS)


def test_all_of_them_together_stay_well_under_90_seconds_of_one_core() -> None:
    for name in NAMES:
        ran(name)
    assert sum(SECONDS.values()) < 90, SECONDS


@pytest.mark.parametrize("name", NAMES)
def test_title_claim_and_words_are_plain_text_and_every_step_says_what_it_is_about(name: str) -> None:
    outcome = ran(name)
    entry, d = outcome.entry, outcome.derivation
    assert entry.chapter and entry.words and d.claim and d.source
    assert all(text.isascii() for text in (entry.title, entry.words, d.claim, *(r for r in d.rows if isinstance(r, str)), *(s.name + s.why for s in d.steps)))


def test_every_claim_of_the_design_has_its_file() -> None:
    assert len(NAMES) == 18
    named = {note.partition("refopt derive ")[2] for c in catalogue.rules() for note in c.notes if "refopt derive" in note}
    assert named and named <= set(NAMES)


def test_many_steps_can_be_written_as_theorems_for_another_prover() -> None:
    kinds = [s.kind for name in NAMES for s in ran(name).derivation.steps]
    assert kinds.count(Kind.RATIONAL) >= 80
    assert kinds.count(Kind.ROOT) >= 10


def used(name: str) -> list[Any]:
    """The shipped formulas on the page of a derivation that the catalogue holds under their own names."""
    shown = [r.concept for r in ran(name).derivation.rows if isinstance(r, Shown)]
    known = {c.name for c in (*catalogue.rules(variants=True), *catalogue.schedules(variants=True))}
    return list({c.name: c for c in shown if c.name in known}.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_rule_breaks_its_derivation(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    find_rule, find_schedule = catalogue.rule, catalogue.schedule
    concepts = used(name)
    assert concepts
    for concept in concepts:
        monkeypatch.setattr(catalogue, "rule", lambda n, c=concept: turned(c) if n == c.name else find_rule(n))
        monkeypatch.setattr(catalogue, "schedule", lambda n, c=concept: turned(c) if n == c.name else find_schedule(n))
        assert library.run(name).refused is not None, concept.name


EDITED = {
    "sgd": (99, ("mini_batch",)), "momentum": (99, ("momentum_is_a_sum",)), "nesterov": (99, ("nesterov_forms",)),
    "rmsprop": (12, ("rescaling", "adam_contains")), "adam": (12, ("rescaling", "bias_correction", "adam_contains")),
}  # fmt: skip
"""Rule -> how many of its edits are tried, chosen by a seed, and the derivations of which one must refuse each."""


@pytest.mark.parametrize("name", list(EDITED))
def test_one_edit_of_the_formula_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    find, (count, derivations), seed = catalogue.rule, EDITED[name], 20261124
    every = mutants(find(name))
    tried = every if count >= len(every) else random.Random(seed).sample(every, count)
    survived = []
    for mutant in tried:
        monkeypatch.setattr(catalogue, "rule", lambda n, m=mutant: m.rule if n == name else find(n))
        if all(library.run(d).refused is None for d in derivations):
            survived.append(notation(mutant.edit))
    assert survived == [], (seed, survived)
