"""`refopt list`: references with their variants below them, and a search in names, titles, sources and uses."""

from __future__ import annotations

import json

import pytest

from refopt import catalogue
from refopt.cli.list import has
from tests.cli.running import refopt


@pytest.mark.parametrize("what", ["rules", "schedules"])
def test_every_variant_stands_below_its_reference(capsys: pytest.CaptureFixture[str], what: str) -> None:
    names = [line.split()[0] for line in refopt(capsys, "list", what).out.splitlines()]
    listed = catalogue.rules() if what == "rules" else catalogue.schedules()
    assert names == [n for r in listed for n in (r.name, *(v.name for v in catalogue.variants_of(r)))]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("radam", ["radam", "radam/eps_on_v_hat", "radam/threshold_4"]),  # by the name
        ("infinity norm", ["adamax", "adamax/eps_outside"]),  # by the title, two words
        ("dozat", ["nadam", "nadam/constant_momentum", "nadam/one_correction", "nadamw"]),  # by the source
        ("corrected alike", ["nadam", "nadam/one_correction"]),  # the reference of a variant is shown with it
        ("momentum_lr_inside", ["rmsprop", "rmsprop/momentum_lr_inside"]),
    ],
)
def test_a_rule_is_found_by_words_of_its_name_title_source_and_use(capsys: pytest.CaptureFixture[str], query: str, found: list[str]) -> None:
    rows = [json.loads(line) for line in refopt(capsys, "list", "rules", query, "--json").out.splitlines()]
    assert [r["name"] for r in rows] == found
    shown = [line.split()[0] for line in refopt(capsys, "list", "rules", query.upper()).out.splitlines()]
    assert shown == found


def test_every_table_can_be_searched(capsys: pytest.CaptureFixture[str]) -> None:
    assert refopt(capsys, "list", "formats", "bfloat").out.split()[0] == "bfloat16"
    assert refopt(capsys, "list", "schedules", "noam").out.split()[0] == "noam"


def test_all_words_must_be_there() -> None:
    assert has(("cosine", "restarts"), "cosine_warm_restarts", "again")
    assert not has(("cosine", "linear"), "cosine_warm_restarts", "again")
