"""`refopt check` and files: what it writes, and what it compares with."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from refopt.conformance.protocol.implementation import Known
from refopt.errors import RefoptError
from refopt.report import files, survey
from tests.cli.running import refopt

PLANTED = "python:tests.implementations.planted.others:sgd_elements_reversed"
DEVIATING = (PLANTED, "--rule", "sgd", "--dtype", "float64", "--case", "sgd-open-basic-001")
CONFORMING = ("numpy.sgd", "--dtype", "float64", "--case", "sgd-open-basic-001")


@pytest.fixture
def small_survey(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three entries, one of which cannot be loaded."""
    entries = [Known(f"refopt.generated.numpy.{name}", rule, "numpy", "2.0") for name, rule in (("constant", "constant"), ("exponential", "exponential"))]
    monkeypatch.setattr(survey, "known", lambda: [*entries, Known("gone.Adam", "adam", "gone", "1.0")])


def test_three_reports_are_written_in_one_go_and_the_exit_code_stays(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = {form: tmp_path / f"report.{form}" for form in ("markdown", "junit", "html")}
    ran = refopt(capsys, "check", *DEVIATING, *(word for form, path in paths.items() for word in (f"--{form}", str(path))))
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines()[-1].startswith("exit 1: ")
    assert "deviates" in paths["markdown"].read_text()
    assert Xml.fromstring(paths["junit"].read_bytes()).get("failures") == "1"
    assert paths["html"].read_text().startswith("<!doctype html>")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_survey_is_written_too(capsys: pytest.CaptureFixture[str], tmp_path: Path, small_survey: None) -> None:
    files = [word for form, ending in (("html", "html"), ("junit", "xml"), ("markdown", "md")) for word in (f"--{form}", str(tmp_path / f"a.{ending}"))]
    ran = refopt(capsys, "check", "--dtype", "float64", *files)
    assert (ran.code, ran.err) == (0, "")
    assert '<table class="matrix">' in (tmp_path / "a.html").read_text()
    assert Xml.fromstring((tmp_path / "a.xml").read_bytes()).get("tests") == "3"
    assert "| gone 1.0 |" in (tmp_path / "a.md").read_text()


@pytest.mark.parametrize(
    ("form", "name", "why", "help"),
    [
        ("markdown", "no/a.md", "No such file or directory", "make its folder first, or name another file"),
        ("junit", "file/a.xml", "Not a directory", "name another place"),
        ("html", ".", "Is a directory", "name a file, not a folder"),
    ],
)
def test_a_path_that_cannot_be_written_is_said_before_anything_is_judged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, name: str, why: str, help: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    ran = refopt(capsys, "check", *CONFORMING, f"--{form}", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [f"error: cannot write {name}: {why}", f"help: {help}"]
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_path_that_stops_being_writable_costs_one_line_and_no_other_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write_whole

    def full(path: Path, text: str) -> None:
        if path.suffix == ".md":
            raise RefoptError(f"cannot write {path}: No space left on device")
        real(path, text)

    monkeypatch.setattr(files, "write_whole", full)
    ran = refopt(capsys, "check", *CONFORMING, "--markdown", str(tmp_path / "a.md"), "--html", str(tmp_path / "a.html"))
    assert ran.code == 2
    assert ran.out.startswith("numpy.sgd")
    assert ran.err.splitlines() == [
        f"error: cannot write {tmp_path / 'a.md'}: No space left on device",
        "note: nothing was left behind; the results are in the lines above",
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]


def test_nothing_changed_since_the_same_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text(refopt(capsys, "check", *DEVIATING, "--json").out)
    ran = refopt(capsys, "check", *DEVIATING, "--against", str(old))
    assert f"Since {old}: nothing changed." in ran.out
    assert ran.code == 1
    assert ran.out.splitlines()[-1].startswith("exit 1: ")


def test_a_change_is_told_on_the_page_and_as_a_line_before_the_footer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text(refopt(capsys, "check", *CONFORMING, "--json").out)
    now = (*CONFORMING, "--case", "sgd-open-dyadic-001", "--against", str(old))
    assert f"Since {old}:\n  numpy.sgd float64 sgd-open-dyadic-001: new, conforms\n" in refopt(capsys, "check", *now).out
    lines = [json.loads(line) for line in refopt(capsys, "check", *now, "--json").out.splitlines()]
    assert [line["kind"] for line in lines[-2:]] == ["change", "footer"]
    assert (lines[-2]["what"], lines[-2]["case"], lines[-2]["before"], lines[-2]["after"]) == ("case", "sgd-open-dyadic-001", None, "conforms")


def test_a_report_with_changes_in_it_can_be_compared_with_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    first.write_text(refopt(capsys, "check", *CONFORMING, "--json").out)
    second.write_text(refopt(capsys, "check", *CONFORMING, "--case", "sgd-open-dyadic-001", "--against", str(first), "--json").out)
    assert "nothing changed" in refopt(capsys, "check", *CONFORMING, "--case", "sgd-open-dyadic-001", "--against", str(second)).out


def test_a_spoilt_older_report_costs_no_judging(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text("nothing of the sort\n")
    ran = refopt(capsys, "check", *CONFORMING, "--against", str(old))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {old} line 1: not a JSON object")


def _expect(path: Path, verdict: str) -> str:
    path.write_text(f'[[expect]]\nimplementation = "{PLANTED}"\nverdict = "{verdict}"\nreason = "planted"\n')
    return str(path)


def test_a_known_deviation_is_exit_0_on_the_page_and_in_the_footer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("check", *DEVIATING, "--expect", _expect(tmp_path / "e.toml", "deviates"))
    ran = refopt(capsys, *words)
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "Everything is as expected."
    assert json.loads(refopt(capsys, *words, "--json").out.splitlines()[-1])["exit"] == 0


def test_another_verdict_than_the_known_one_is_exit_1_and_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("check", *DEVIATING, "--expect", _expect(tmp_path / "e.toml", "variant"))
    ran = refopt(capsys, *words)
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == "exit 1: not everything is as expected"
    assert "deviates, expected variant (planted)" in " ".join(ran.out.split())
    lines = [json.loads(line) for line in refopt(capsys, *words, "--json").out.splitlines()]
    assert (lines[-2]["kind"], lines[-2]["found"], lines[-1]["exit"]) == ("surprise", "deviates", 1)


def test_an_entry_that_a_survey_does_not_meet_is_exit_1(capsys: pytest.CaptureFixture[str], tmp_path: Path, small_survey: None) -> None:
    ran = refopt(capsys, "check", "--dtype", "float64", "--expect", _expect(tmp_path / "e.toml", "deviates"))
    assert ran.code == 1
    assert "but it was not judged" in " ".join(ran.out.split())
    assert ran.out.splitlines()[-1] == "exit 1: not everything is as expected"


def test_a_survey_beside_itself_has_no_changes(capsys: pytest.CaptureFixture[str], tmp_path: Path, small_survey: None) -> None:
    old = tmp_path / "old.jsonl"
    old.write_text(refopt(capsys, "check", "--dtype", "float64", "--json").out)
    assert "nothing changed" in refopt(capsys, "check", "--dtype", "float64", "--against", str(old)).out
