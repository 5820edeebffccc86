"""A badge: two words and a colour that do not say better of an implementation than its report."""

from __future__ import annotations

import json

import pytest

from refopt.report.badge import badge
from tests.report import judged


def _shown(*reports: object) -> tuple[str, str]:
    found = json.loads(badge([r.found for r in reports]))  # type: ignore[attr-defined]
    assert found["schemaVersion"] == 1 and found["label"] == "refopt"
    return found["message"], found["color"]


def test_a_badge_is_green_for_the_reference_formula_and_for_what_was_meant() -> None:
    assert _shown(judged.conforming()) == ("conforms", "brightgreen")
    assert _shown(judged.meant())[1] == "brightgreen"


@pytest.mark.parametrize(("report", "colour"), [(judged.variant, "blue"), (judged.unexplained, "red"), (judged.skipped, "lightgrey")])
def test_nothing_else_is_green(report: judged.Judge, colour: str) -> None:
    assert _shown(report())[1] == colour


def test_reduced_precision_is_told() -> None:
    assert _shown(judged.imprecise()) == ("conforms, imprecise", "green")
    assert _shown(judged.imprecise(strict=True))[1] == "red"


def test_of_several_the_worst_gives_the_colour() -> None:
    assert _shown(judged.conforming(), judged.unexplained()) == ("1 of 2 as meant", "red")
    assert json.loads(badge([]))["message"] == "not run"
