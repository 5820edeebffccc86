"""`refopt show NAME --html`: the formula, its variants with what differs marked, and a picture of what each hyperparameter does."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from refopt import catalogue
from refopt.language.role import Role, Samples
from refopt.language.schedule import Schedule
from refopt.report.html.concept_page import concept_page
from refopt.report.runs.effects import around, effects
from tests.cli.running import refopt


@pytest.mark.parametrize("name", ["adam", "momentum/lr_outside", "warmup+cosine_annealing"])
def test_the_page_has_the_formula_each_variant_with_its_difference_marked_and_a_picture_a_hyperparameter(name: str) -> None:
    concept = catalogue.schedule(name) if "annealing" in name else catalogue.rule(name)
    page = concept_page(concept)
    assert page.count("<figure>") == len(concept.hyper) and "<script" not in page
    if name == "adam":
        for variant in catalogue.variants(name):
            (part,) = [x for x in page.split("<h4><code>") if x.startswith(f"{variant.name}</code> ")]
            assert variant.differs in part.replace("&#x27;", "'")
        assert page.count('class="mark"') >= 2 * len(catalogue.variants(name))
    assert not re.search(r"\bnan\b", page)


def test_every_value_that_is_drawn_is_in_the_domain_and_they_differ() -> None:
    for concept in (*catalogue.rules(variants=True), *catalogue.schedules(variants=True)):
        for hyper in concept.hyper:
            values = around(hyper, hyper.default)
            assert len(set(values)) >= 2 and all(hyper.allows(x) for x in values), (concept.name, hyper.name, values)


def test_the_curves_of_a_picture_are_different_runs() -> None:
    for picture in effects(catalogue.rule("adamw")):
        ends = {c.points[-1] for c in picture.curves}
        assert len(ends) == len(picture.curves) > 1, picture.title


@pytest.mark.parametrize("schedule", [*catalogue.schedules(variants=True), catalogue.schedule("warmup+cosine_annealing")], ids=lambda s: s.name)
def test_the_pictures_of_a_schedule_go_as_far_as_each_hyperparameter_is_seen(schedule: Schedule) -> None:
    pictures = effects(schedule)
    assert len(pictures) == len([h for h in schedule.hyper if h.role is not Role.METRIC])
    for picture in pictures:
        assert len({c.points for c in picture.curves}) > 1, picture.title


def test_the_page_of_a_schedule_that_waits_says_which_metrics_are_drawn() -> None:
    schedule = catalogue.schedule("reduce_on_plateau")
    (metrics,) = schedule.of_role(Role.METRIC)
    page = concept_page(schedule)
    lists = [drawn.replace(",", ", ") for drawn in metrics.samples.schedules]
    assert any(f"metrics = {drawn} where nothing else is said" in page for drawn in lists)
    assert page.count("<figure>") == len(schedule.hyper) - 1


def test_the_pictures_of_a_schedule_without_samples_are_those_of_its_defaults() -> None:
    kept = catalogue.schedule("reduce_on_plateau")
    bare = replace(kept, hyper=tuple(replace(h, given=Samples()) for h in kept.hyper))
    assert [p.curves[0].name for p in effects(bare)][:2] == ["lr = 0.025", "factor = 0.025"] and "where nothing else" not in concept_page(bare)


def test_the_command_writes_the_page_and_wrong_input_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "rosenbrock.html"
    ran = refopt(capsys, "show", "rosenbrock", "--html", str(out))
    assert (ran.code, ran.out) == (0, f"Wrote {out}.\n") and out.read_text().count("<figure>") == 1
    ran = refopt(capsys, "show", "adam", "--html", str(tmp_path / "no/x.html"))
    assert ran.code == 2 and ran.err.startswith("error: cannot write")
    ran = refopt(capsys, "show", "adam", "--as", "latex", "--html", str(out))
    assert ran.code == 2 and len(ran.err.splitlines()) == 2
