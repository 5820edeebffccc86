"""What the golden cases see, and that the README says so."""

from __future__ import annotations

import pytest

from tests.quality.counts import JUDGED, README, between, kills, lines, listed_share, manifest_hash


@pytest.mark.parametrize("name", JUDGED)
def test_at_most_three_percent_of_mutants_are_not_seen_in_float64_and_six_in_float32(name: str) -> None:
    print(name, {d: listed_share(name, d) for d in ("float64", "float32", "bfloat16", "float16")})
    assert listed_share(name, "float64") <= 0.03
    assert listed_share(name, "float32") <= 0.06


@pytest.mark.parametrize("name", JUDGED)
def test_every_mechanical_mutant_has_a_fate(name: str) -> None:
    from refopt.catalogue import rule
    from refopt.golden.mutants import mutants

    document = kills(name)
    fates = set(document["killed"]) | set(document["equivalent"]) | set(document["listed"])
    assert fates == {m.id for m in mutants(rule(name))}
    assert all(m.edit == {**document["listed"], **document["killed"]}.get(m.id, {"edit": m.edit})["edit"] for m in mutants(rule(name)))


def test_no_two_mutants_are_the_same_formula_and_none_is_the_rule() -> None:
    from refopt.catalogue import rules
    from refopt.golden.mutants import mutants

    for r in rules(variants=True):
        texts = ["\n".join(m.rule.canonical().splitlines()[1:]) for m in mutants(r)]
        assert len(set(texts)) == len(texts)
        assert "\n".join(r.canonical().splitlines()[1:]) not in texts


def test_the_counts_in_the_readme_are_those_of_this_run() -> None:
    text = README.read_text()
    assert between(text, "counts") == "\n".join(lines())
    assert between(text, "manifest") == f"`{manifest_hash()}`"
