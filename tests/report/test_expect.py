"""Known verdicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from refopt.errors import RefoptError
from refopt.report.expect import Expectation, read, surprises
from tests.report import judged

VARIANT = "tests.implementations.adam_eps_in_sqrt:make"
DEVIATING = "tests.implementations.planted.others:sgd_elements_reversed"


def _entry(implementation: str, verdict: str, **more: str) -> Expectation:
    return Expectation(implementation, verdict, "known", **more)


def _told(expected: list[Expectation], *reports: judged.Judge, whole: bool = False) -> list[str]:
    return [str(s) for s in surprises(expected, [r().found for r in reports], whole=whole)]


def test_without_entries_everything_must_conform_or_be_skipped() -> None:
    assert _told([], judged.conforming, judged.skipped, judged.schedule, judged.imprecise) == []
    assert _told([], judged.variant) == [f"{VARIANT} float64: variant adam/eps_in_sqrt, expected conforms"]


def test_what_is_expected_is_no_surprise() -> None:
    assert _told([_entry(f"python:{VARIANT}", "variant", rule="adam", dtype="float64", matches="adam/eps_in_sqrt", precision="full")], judged.variant) == []
    assert _told([_entry(DEVIATING, "deviates")], judged.unexplained) == []


@pytest.mark.parametrize("more", [{"matches": "adam/eps_hat"}, {"precision": "reduced"}])
def test_another_formula_or_precision_than_the_expected_is_a_surprise(more: dict[str, str]) -> None:
    (told,) = _told([_entry(VARIANT, "variant", **more)], judged.variant)
    assert told.startswith(f"{VARIANT} float64: variant adam/eps_in_sqrt, expected variant ")
    assert told.endswith("(known)")


def test_an_unexpected_pass_is_reported_and_says_what_to_do() -> None:
    (told, other) = _told([_entry("refopt.generated.numpy.sgd", "deviates")], judged.conforming)
    assert told == "refopt.generated.numpy.sgd float64: an unexpected pass: conforms, expected deviates (known); take the entry out"
    assert "float16" in other
    (told,) = _told([_entry(judged.imprecise().found.implementation, "conforms", precision="full")], judged.imprecise)
    assert "pass" not in told


def test_full_precision_where_reduced_was_known_is_an_unexpected_pass() -> None:
    told = _told([_entry("refopt.generated.numpy.sgd", "conforms", precision="reduced", dtype="float64")], judged.conforming)
    assert len(told) == 1
    assert "an unexpected pass" in told[0]


def test_an_entry_for_one_format_says_nothing_about_the_others() -> None:
    (told,) = _told([_entry(DEVIATING, "deviates", dtype="float32")], judged.unexplained)
    assert told == f"{DEVIATING} float64: deviates, expected conforms"


def test_the_more_particular_entry_holds() -> None:
    entries = [_entry(DEVIATING, "variant"), _entry(DEVIATING, "deviates", dtype="float32"), _entry(DEVIATING, "deviates", dtype="float64")]
    assert _told(entries, judged.unexplained) == []


def test_an_entry_that_nothing_speaks_of_counts_in_a_survey_only() -> None:
    entry = _entry("keras.optimizers.Adam", "variant")
    assert _told([entry], judged.conforming) == []
    assert _told([entry], judged.conforming, whole=True) == ["keras.optimizers.Adam: expected variant (known), but it was not judged"]


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "expect.toml"
    path.write_text('[[expect]]\nimplementation = "a"\nverdict = "variant"\nmatches = "adam/eps_hat"\ndtype = "float32"\nreason = "x#1"\n')
    assert read(path) == [Expectation("a", "variant", "x#1", dtype="float32", matches="adam/eps_hat")]
    path.write_text("")
    assert read(path) == []


GOOD = 'implementation = "a"\nverdict = "variant"\nreason = "r"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[expect]", "not TOML"),
        ("[[expect]]\n" + GOOD + 'verdit = "x"\n', "unknown key 'verdit'"),
        ('[[expect]]\nimplementation = "a"\nverdict = "variant"\n', "reason is missing"),
        ('[[expect]]\nimplementation = "a"\nverdict = "wrong"\nreason = "r"\n', "verdict 'wrong' is unknown"),
        ("[[expect]]\n" + GOOD + "dtype = 32\n", "dtype must be text"),
        ("[[expect]]\n" + GOOD + 'dtype = "floot32"\n', "floot32"),
        ("[[expect]]\n" + GOOD + 'precision = "half"\n', "precision 'half' is unknown"),
        (f"[[expect]]\n{GOOD}[[expect]]\n{GOOD}", "entry 2 speaks of the same as entry 1"),
        ('expect = "all"\n', "'expect' is not expected here"),
        ("[other]\n", "'other' is not expected here"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "expect.toml"
    path.write_text(text)
    with pytest.raises(RefoptError, match=message) as caught:
        read(path)
    assert "\n" not in caught.value.message
