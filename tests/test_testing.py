"""Helpers for other people's test suites."""

from __future__ import annotations

from typing import Any

import pytest

import refopt
from refopt.errors import RefoptError
from refopt.golden.store import packed_cases
from refopt.pytest_plugin import SESSION
from refopt.report.session import summary
from refopt.testing import GoldenCase, assert_conforms, parametrize_with_cases
from tests.implementations.adam_eps_in_sqrt import AdamEpsInSqrt
from tests.implementations.textbook_adam import TextbookAdam

QUICK: dict[str, Any] = {"dtypes": ["float64"], "cases": ["adam-open-eps-001"]}


@pytest.fixture(autouse=True)
def nothing_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is judged here is no part of this run's own summary."""
    monkeypatch.setattr(SESSION, "judged", [])
    monkeypatch.setattr(SESSION, "strict", False)
    monkeypatch.setattr(SESSION, "dtypes", ())


class Unnamed:
    """Adam in a class whose name does not say so."""

    init, step = TextbookAdam.init, TextbookAdam.step


def _values(decorator: Any) -> list[Any]:
    """The parameters that a decorator gives a test."""

    @decorator
    def test(implementation: Any, case: Any) -> None: ...

    (mark,) = test.pytestmark  # type: ignore[attr-defined]
    assert mark.name == "parametrize"
    found: list[Any] = mark.args[1]
    return found


def _case(values: list[Any], wanted: str) -> tuple[Any, GoldenCase]:
    found: tuple[Any, GoldenCase] = next(v.values for v in values if v.id.endswith(wanted))
    return found


def test_the_formula_passes_and_the_report_comes_back() -> None:
    report = assert_conforms(TextbookAdam, rule="adam", **QUICK)
    assert report.verdict == "conforms"
    assert SESSION.judged == [report]


def test_another_formula_fails_with_its_name_in_the_first_line() -> None:
    with pytest.raises(refopt.NotAsExpected) as caught:
        assert_conforms(AdamEpsInSqrt, rule="adam", **QUICK)
    assert str(caught.value).splitlines()[0] == "adam_eps_in_sqrt:AdamEpsInSqrt is adam/eps_in_sqrt, not adam: eps under the root"
    assert "refopt check python:tests.implementations.adam_eps_in_sqrt:AdamEpsInSqrt --rule adam" in str(caught.value)


def test_the_variant_that_is_meant_passes_under_either_name_and_no_other_does() -> None:
    for name in ("adam/eps_in_sqrt", "eps_in_sqrt"):
        assert_conforms(AdamEpsInSqrt, rule="adam", as_=name, **QUICK)
    with pytest.raises(refopt.NotAsExpected, match="not adam/eps_hat"):
        assert_conforms(AdamEpsInSqrt, rule="adam", as_="eps_hat", **QUICK)
    with pytest.raises(refopt.NotAsExpected, match="is adam, not adam/eps_in_sqrt"):
        assert_conforms(TextbookAdam, rule="adam", as_="eps_in_sqrt", **QUICK)


def test_strict_refuses_lost_precision() -> None:
    name, options = "python:tests.implementations.planted.precision:velocity_through_float16", {"dtypes": ["float64"], "cases": ["momentum-open-basic-001"]}
    assert_conforms(name, rule="momentum", **options)
    with pytest.raises(refopt.NotAsExpected, match="less precise than float64 allows"):
        assert_conforms(name, rule="momentum", strict=True, **options)


def test_ids_can_be_read_and_selected() -> None:
    ids = [v.id for v in _values(parametrize_with_cases([TextbookAdam], rule="adam"))]
    assert "adam-float32-adam-open-eps-001" in ids
    assert len(set(ids)) == len(ids)
    assert not any("closed" in i for i in ids)
    assert not any(i.startswith("adam-float16-adam-open-eps") for i in ids)  # the case does not list that format


def test_two_implementations_of_one_rule_are_told_apart_by_name() -> None:
    ids = {v.id for v in _values(parametrize_with_cases([TextbookAdam, AdamEpsInSqrt], rule="adam", dtypes=["float64"]))}
    assert {"TextbookAdam-adam-float64-adam-open-eps-001", "AdamEpsInSqrt-adam-float64-adam-open-eps-001"} <= ids


def test_a_name_that_says_its_rule_needs_none() -> None:
    ids = [v.id for v in _values(parametrize_with_cases(["numpy.sgd", "numpy.cosine_annealing"]))]
    assert "sgd-float64-sgd-open-basic-001" in ids
    assert sum(i.startswith("cosine_annealing-float64-") for i in ids) == len(packed_cases("cosine_annealing"))


def test_a_case_passes_fails_or_is_skipped_as_the_command_would_say() -> None:
    values = _values(parametrize_with_cases([AdamEpsInSqrt], rule="adam", dtypes=["float64"]))
    implementation, case = _case(values, "adam-open-eps-001")
    group = case.group
    group.wanted.update({"adam-open-eps-001", "adam-reject-001"})
    with pytest.raises(refopt.NotAsExpected, match="adam/eps_in_sqrt") as caught:
        case(implementation)
    assert "first at adam-open-eps-001" in str(caught.value)
    _, rejected = _case(values, "adam-reject-001")
    assert rejected.group is group
    with pytest.raises(pytest.skip.Exception, match="accepts what its formula cannot take"):
        rejected(implementation)
    assert len(SESSION.judged) == 1  # both were judged together


def test_a_variant_that_is_meant_passes_case_by_case() -> None:
    implementation, case = _case(_values(parametrize_with_cases([AdamEpsInSqrt], rule="adam", dtypes=["float64"], as_="eps_in_sqrt")), "adam-open-eps-001")
    case.group.wanted.add(case.id)
    case(implementation)
    implementation, case = _case(_values(parametrize_with_cases([TextbookAdam], rule="adam", dtypes=["float64"], as_="eps_in_sqrt")), "adam-open-eps-001")
    case.group.wanted.add(case.id)
    with pytest.raises(refopt.NotAsExpected, match="is adam, not adam/eps_in_sqrt"):
        case(implementation)


def test_expected_failures_carry_their_reason_and_fail_when_they_pass() -> None:
    values = _values(parametrize_with_cases([TextbookAdam], rule="adam", expected_failures={"float16-*": "eps underflows", "*-open-eps-001": "eps"}))
    for v in values:
        expected = v.id.startswith("adam-float16-") or v.id.endswith("open-eps-001")
        assert bool(v.marks) == expected, v.id
    (mark,) = next(v.marks for v in values if v.id == "adam-float16-adam-open-basic-001")
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "eps underflows", "strict": True})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "adam", "expected_failures": {"float33-*": "typo"}}, "no case matches 'float33-\\*'"),
        ({"rule": "adma"}, "no rule 'adma'"),
        ({"rule": "adam", "dtypes": ["floot32"]}, "floot32"),
        ({}, "which rule is Unnamed"),
    ],
)
def test_what_does_not_exist_is_refused_while_tests_are_collected(options: dict[str, Any], message: str) -> None:
    with pytest.raises(RefoptError, match=message):
        parametrize_with_cases([Unnamed], **options)


def test_a_case_belongs_to_its_implementation() -> None:
    _, case = _case(_values(parametrize_with_cases([TextbookAdam], rule="adam", dtypes=["float64"])), "adam-open-eps-001")
    with pytest.raises(RefoptError, match="belongs to another implementation"):
        case(AdamEpsInSqrt)


def test_the_summary_has_a_line_an_implementation_and_format() -> None:
    good = assert_conforms(TextbookAdam, rule="adam", **QUICK)
    meant = assert_conforms(AdamEpsInSqrt, rule="adam", as_="eps_in_sqrt", **QUICK)
    bad = refopt.check(AdamEpsInSqrt, rule="adam", **QUICK)
    told = [line.partition(" float64: ")[2].partition("  error")[0] for line in summary([good, good, meant, bad])]
    assert told == ["conforms", "adam/eps_in_sqrt", "is adam/eps_in_sqrt, not adam: eps under the root"]
