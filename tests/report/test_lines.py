"""The report as JSON lines: a contract that programs read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from fractions import Fraction

import pytest

from refopt.conformance.judge.summary import Difference, Place
from refopt.golden.schemas import REPORT_FOOTER
from refopt.report.lines import number, step_factor, text_of
from refopt.report.report import Report
from tests.report import judged

FOOTER = {
    "kind", "complete", "implementation", "rule", "verdict", "matches", "ambiguous", "edit", "nearest", "indistinguishable_from", "precision", "cause",
    "known_bugs", "hidden_state", "isolated", "looked_at", "defaults", "fixed", "resume", "dtypes", "exit",
}  # fmt: skip
OF_A_FORMAT = {"verdict", "matches", "edit", "precision", "cause", "worst_ratio", "claims", "no_claims"}
DECIDING = {"theta_claims", "deciding_claims", "cases", "decided_cases"}
"""Where an optimizer was judged at all."""
CASE = {"kind", "id", "rule", "dtype", "mode", "verdict", "ratio", "where", "claims", "no_claims", "reason", "probes", "elapsed"}


def _difference(theirs: object, exact: Fraction | None, before: float = 1.0, variable: str = "theta") -> Difference:
    return Difference("sgd-open-basic-001", Place(1, 0, 0, variable), theirs, exact, Fraction(1, 10**9), 5.0, before, 0.5)


@pytest.mark.parametrize("report", judged.EVERY)
def test_a_report_begins_with_a_header_and_ends_with_its_only_footer(report: Callable[[], Report]) -> None:
    kinds = [line["kind"] for line in report().lines()]
    assert kinds[0] == "header"
    assert kinds[-1] == "footer"
    assert kinds.count("footer") == kinds.count("header") == 1
    assert set(kinds) <= {"header", "case", "diagnosis", "footer"}


@pytest.mark.parametrize("report", judged.EVERY)
def test_every_line_is_strict_json(report: Callable[[], Report]) -> None:
    for line in report().lines():
        assert json.loads(json.dumps(line, allow_nan=False)) == line


@pytest.mark.parametrize("report", judged.EVERY)
def test_the_keys_of_the_footer_are_the_contract(report: Callable[[], Report]) -> None:
    footer = report().footer
    assert set(footer) == FOOTER == set(REPORT_FOOTER["properties"])
    for found in footer["dtypes"].values():
        assert set(found) - {"reason", "resume", "stood_still", "doors"} - DECIDING == OF_A_FORMAT
    assert footer == report().lines()[-1]
    assert footer["complete"] is True
    assert footer["exit"] == report().exit


@pytest.mark.parametrize("report", judged.EVERY)
def test_the_footer_repeats_the_worst_format(report: Callable[[], Report]) -> None:
    footer = report().footer
    same = ("verdict", "matches", "precision", "cause")
    assert any(all(found[key] == footer[key] for key in same) for found in footer["dtypes"].values())


@pytest.mark.parametrize("report", judged.EVERY)
def test_every_case_has_a_line_in_every_format_that_it_lists(report: Callable[[], Report]) -> None:
    found = report().found
    lines = [line for line in report().lines() if line["kind"] == "case"]
    assert [(line["id"], line["dtype"]) for line in lines] == [(x.case.id, f.dtype) for f in found.findings for x in f.ground.lines]
    for line in lines:
        assert set(line) == CASE
        assert line["verdict"] in ("conforms", "variant", "deviates", "no_answer", "skipped")
        assert line["elapsed"] >= 0
        assert line["reason"] or line["claims"] + line["no_claims"] > 0


def test_the_header_says_what_was_judged_with_which_golden_files() -> None:
    header = judged.conforming().lines()[0]
    manifest = json.loads((judged.ROOT / "golden" / "MANIFEST.json").read_text())
    assert header["manifest"] == manifest["hash"]
    assert header["implementation"]["name"] == "refopt.generated.numpy.sgd"
    assert set(header["host"]) == {"system", "machine", "python"}
    assert "numpy" in header["versions"]


def test_only_what_is_not_the_full_reference_has_a_diagnosis() -> None:
    def dtypes(report: Report) -> list[str]:
        return [line["dtype"] for line in report.lines() if line["kind"] == "diagnosis"]

    assert dtypes(judged.conforming()) == dtypes(judged.skipped()) == dtypes(judged.schedule()) == []
    assert dtypes(judged.variant()) == dtypes(judged.imprecise()) == dtypes(judged.broken()) == ["float64"]
    assert dtypes(judged.unexplained()) == ["float64", "float32"]


def test_a_diagnosis_names_the_formula_and_the_first_difference_and_no_other_that_is_far() -> None:
    found = next(line for line in judged.variant().lines() if line["kind"] == "diagnosis")
    assert found["matches"] == ["adam/eps_in_sqrt"]
    assert found["closest"] is None  # the next best misses by more than 1e9 bounds: it teaches nothing
    first = found["first_difference"]
    assert first["case"] == "adam-open-eps-001"
    assert first["variable"] == "theta"
    assert abs(Fraction(first["theirs"]) - Fraction(first["exact"])) > 0
    assert len(first["exact"].lstrip("-0.").replace(".", "")) == 22


def test_the_first_difference_shown_is_the_one_where_the_step_is_most_wrong() -> None:
    report = judged.variant()
    failing = {line["id"] for line in report.lines() if line["kind"] == "case" and line["verdict"] == "variant"}
    assert failing == {"adam-open-basic-001", "adam-open-eps-001"}  # the first fails by little, the second a thousandfold
    assert next(line for line in report.lines() if line["kind"] == "diagnosis")["first_difference"]["case"] == "adam-open-eps-001"


def test_a_program_that_raises_is_quoted_in_the_diagnosis() -> None:
    found = next(line for line in judged.broken().lines() if line["kind"] == "diagnosis")
    assert found["no_answer"] == ["momentum-open-basic-001: update 3: raised ZeroDivisionError: float division by zero"]


def test_the_cause_of_reduced_precision_stands_in_the_footer() -> None:
    footer = judged.imprecise().footer
    assert (footer["verdict"], footer["precision"], footer["cause"]) == ("conforms", "reduced", "the state is kept in float16")


@pytest.mark.parametrize(
    ("ratio", "text"), [(None, None), (math.nan, None), (math.inf, "inf"), (0.0, "0"), (0.123456, "0.123"), (6.134e12, "6.13e+12"), (1.0, "1")]
)
def test_a_ratio_has_three_digits(ratio: float | None, text: str | None) -> None:
    assert number(ratio) == text


@pytest.mark.parametrize(
    ("theirs", "factor"),
    [(0.75, 0.5), (0.5, 1.0), (0.0, 2.0), (1.5, -1.0), (1.0, 0.0)],
)
def test_the_factor_of_a_step_is_its_length_in_exact_steps(theirs: float, factor: float) -> None:
    assert step_factor(_difference(theirs, Fraction(1, 2))) == factor


def test_a_factor_that_is_no_number_is_none_and_a_step_from_nothing_is_infinite() -> None:
    assert step_factor(_difference(math.nan, Fraction(1, 2))) is None
    assert step_factor(_difference(0.5, None)) is None
    assert step_factor(_difference(0.5, Fraction(1, 4), variable="m")) is None
    assert step_factor(_difference(0.5, Fraction(1))) == math.inf
    assert step_factor(_difference(1.0, Fraction(1))) == 1.0
    assert step_factor(_difference(1e300, 1 - Fraction(1, 10**20))) == math.inf


def test_a_float_is_written_with_all_its_digits_and_an_exact_value_with_22() -> None:
    assert text_of(0.1) == "0.1"
    assert text_of(math.nan) == "nan"
    assert text_of(-math.inf) == "-inf"
    assert text_of(Fraction(1, 3)) == "0.3333333333333333333333"
    assert text_of(Fraction(1, 4)).rstrip("0") == "0.25"
