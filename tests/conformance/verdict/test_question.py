"""The question of a judgement: every name in it is resolved before anything is run."""

from __future__ import annotations

from typing import Any

import pytest

from refopt import catalogue
from refopt.conformance.judge.mode import Mode
from refopt.conformance.verdict.question import Question, judged_by, question
from refopt.errors import RefoptError
from refopt.rounding.formats import FORMATS


def asked(rule: str = "adam", **given: Any) -> Question:
    return question(rule, **{"dtypes": (), "mode": None, "cases": (), "expected": None, **given})


def test_names_become_the_things_themselves_in_the_order_asked_for() -> None:
    found = asked(dtypes=("bfloat16", "float64", "bfloat16"), mode="open_loop", cases=("adam-open-basic-001",), expected="eps_hat")
    assert found.concept is catalogue.rule("adam")
    assert [f.name for f in found.formats] == ["bfloat16", "float64"]
    assert found.mode is Mode.OPEN_LOOP
    assert [c.id for c in found.cases] == ["adam-open-basic-001"]
    assert found.expected == "adam/eps_hat"


def test_where_nothing_is_named_everything_is_asked() -> None:
    found = asked("sgd")
    assert found.formats == tuple(FORMATS.values()) and len(found.cases) > 10
    assert found.mode is None and found.expected is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rule": "adm"}, "adm"),
        ({"dtypes": ("float63",)}, "float63"),
        ({"mode": "sideways"}, "sideways"),
        ({"mode": "schedule"}, "schedule"),
        ({"cases": ("adam-open-basic-901",)}, "adam-open-basic-901"),
        ({"expected": "eps_hut"}, "eps_hut"),
    ],
)
def test_a_name_that_does_not_exist_is_refused_in_one_line_that_holds_it(given: dict[str, Any], told: str) -> None:
    with pytest.raises(RefoptError) as refused:
        asked(**given)
    assert told in str(refused.value) and "\n" not in refused.value.args[0]


def test_a_composed_rule_is_judged_by_the_rule_whose_cases_send_it_most_and_is_what_is_meant() -> None:
    concept, meant = judged_by("adam/eps_hat+decay")
    assert isinstance(concept.name, str) and concept.name in {r.name for r in catalogue.rules()}
    assert meant == "adam/eps_hat+decay"
    assert asked("adam/eps_hat+decay").expected == meant


def test_a_rule_of_the_catalogue_is_found_without_making_any_composed_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    from refopt.conformance.diagnose import formulas

    def made() -> dict[str, Any]:
        raise AssertionError("composed rules were made")

    monkeypatch.setattr(formulas, "_made", made)
    for name in ("adam", "adam/eps_hat", "cosine_annealing"):
        assert judged_by(name) == (catalogue.find(name), None)
    with pytest.raises(AssertionError):
        judged_by("adam+nothing")
