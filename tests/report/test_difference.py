"""Two formulas side by side."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.errors import RefoptError
from refopt.report.difference import difference


def test_only_the_assignments_that_differ_are_listed() -> None:
    found = difference(catalogue.rule("momentum"), catalogue.rule("momentum/lr_outside"))
    assert [[line.name for line in side] for side in found.lines] == [["v", "theta"], ["v", "theta"]]
    assert found.lines[0][0].value == "momentum*v + lr*g"
    assert found.lines[1][1].value == "theta - lr*v"


def test_a_rule_and_itself_differ_nowhere_and_have_no_ratios() -> None:
    found = difference(catalogue.rule("adam"), catalogue.rule("adam"))
    assert found.equality.same_everywhere
    assert found.ratios is None


def test_formulas_that_are_proved_the_same_have_no_ratios() -> None:
    found = difference(catalogue.rule("nesterov"), catalogue.rule("nesterov/velocity"))
    assert found.equality.same_everywhere
    assert found.ratios is None
    assert found.lines[0] != found.lines[1]


def test_schedules_are_compared_by_their_rates() -> None:
    found = difference(catalogue.schedule("cosine_annealing"), catalogue.schedule("cosine_annealing/periodic"))
    assert [line.name for side in found.lines for line in side] == ["lr_k", "lr_k"]
    assert found.equality.same == "no"
    assert found.ratios is not None
    assert found.ratios.head == ("k", "cosine_annealing", "cosine_annealing/periodic")


def test_a_rule_and_a_schedule_are_not_compared() -> None:
    for pair in ((catalogue.rule("adam"), catalogue.schedule("warmup")), (catalogue.schedule("warmup"), catalogue.rule("adam"))):
        with pytest.raises(RefoptError, match="adam is a rule and warmup a schedule"):
            difference(*pair)


def test_who_means_which_comes_from_the_catalogue() -> None:
    one, other = catalogue.rule("momentum"), catalogue.rule("momentum/lr_outside")
    assert difference(one, other).used_by == (one.used_by, other.used_by)
