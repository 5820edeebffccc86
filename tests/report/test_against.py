"""What changed between two runs; an older report is read strictly."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from refopt.errors import RefoptError
from refopt.report.against import changes, of_report, read
from refopt.report.checksum import Line, is_whole, sealed
from refopt.report.report import Report
from refopt.report.survey import lines as survey_lines
from tests.report import judged
from tests.report.test_survey import found


def _write(path: Path, *reports: list[Line]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for lines in reports for line in lines))
    return path


def _edited(lines: list[Line], change: Callable[[list[Line]], None]) -> list[Line]:
    """The lines with a change that was there when they were written."""
    made: list[Line] = json.loads(json.dumps(lines))
    change(made)
    return sealed(made)


@pytest.mark.parametrize("report", judged.EVERY)
def test_a_report_beside_itself_has_no_changes(report: Callable[[], Report], tmp_path: Path) -> None:
    old = read(_write(tmp_path / "old.jsonl", report().lines()))
    assert changes(old, of_report(report().lines())) == []


def test_several_reports_and_a_survey_can_be_read(tmp_path: Path) -> None:
    old = read(_write(tmp_path / "old.jsonl", judged.variant().lines(), judged.conforming().lines(), survey_lines(list(found()))))
    assert [f.rule for f in old] == ["adam", "sgd", "sgd", "momentum", "momentum", "sgd"]


def test_every_sort_of_change_is_told() -> None:
    now = judged.variant().lines()
    ratio = now[-1]["dtypes"]["float64"]["worst_ratio"]
    assert float(ratio) > 0.123

    def before(lines: list[Line]) -> None:
        of = lines[-1]["dtypes"]["float64"]
        of.update(verdict="conforms", matches="adam", precision="reduced", cause="eps underflows", worst_ratio="0.0123")
        lines[-1]["dtypes"]["float32"] = dict(of)
        lines[:] = [x for x in lines if x.get("id") != "adam-open-eps-001"]
        next(x for x in lines if x.get("id") == "adam-open-basic-001")["verdict"] = "conforms"
        lines.insert(1, {**next(x for x in lines if x["kind"] == "case"), "id": "adam-open-old-001"})

    told = [str(c).removeprefix("tests.implementations.adam_eps_in_sqrt:make ") for c in changes(of_report(_edited(now, before)), of_report(now))]
    assert told == [
        "float64: conforms -> variant",
        "float64: matches adam -> adam/eps_in_sqrt",
        "float64: precision reduced -> full",
        "float64: cause eps underflows -> none",
        f"float64: error/bound 0.0123 -> {ratio}",
        "float32: gone, was conforms",
        "float64 adam-open-old-001: gone, was conforms",
        "float64 adam-open-basic-001: conforms -> variant",
        "float64 adam-open-eps-001: new, variant",
    ]


@pytest.mark.parametrize(
    ("times", "told"), [(0.1001, False), (0.0999, True), (1, False), (9.99, False), (10.01, True), (None, True), (math.inf, True), (0, True)]
)
def test_a_ratio_changed_where_it_is_ten_times_as_large_or_small(times: float | None, told: bool) -> None:
    now = judged.variant().lines()
    ratio = float(now[-1]["dtypes"]["float64"]["worst_ratio"])
    assert 0 < ratio <= 1

    def before(lines: list[Line]) -> None:
        lines[-1]["dtypes"]["float64"]["worst_ratio"] = None if times is None else f"{times * ratio:.6g}"

    assert bool(changes(of_report(_edited(now, before)), of_report(now))) == told


def test_an_implementation_that_is_new_or_gone_is_told_in_a_survey() -> None:
    one, other = of_report(judged.variant().lines()), of_report(judged.conforming().lines())
    assert [str(c).partition(": ")[2] for c in changes(one, other, whole=True)] == ["new, float64 conforms, float16 conforms", "gone, was float64 variant"]
    assert [c.before for c in changes(one, other)] == [None]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text[: len(text) // 2], "not a JSON object"),
        (lambda text: "".join(text.splitlines(keepends=True)[:-1]), "the report was cut off"),
        (lambda text: "".join(text.splitlines(keepends=True)[1:]), "does not begin with a header"),
        (lambda text: text.replace('"claims": ', '"claims": 1', 1), "edited or lines are missing"),
        (lambda text: "".join(x for i, x in enumerate(text.splitlines(keepends=True)) if i != 1), "edited or lines are missing"),
        (lambda text: text.replace('"verdict": "variant"', '"verdict": "conforms"'), "edited or lines are missing"),
        (lambda text: text.replace('"exit": 1', '"exit": 0'), "edited or lines are missing"),
        (lambda text: "", "does not begin with a header"),
        (lambda text: '{"kind": "header"}\n{"kind": "footer"}\n', "cut off"),
        (lambda text: "[1, 2]\n", "not a JSON object"),
        (lambda text: "[" * 100000, "not a JSON object"),
        (lambda text: "hello\n", "not a JSON object"),
    ],
)
def test_a_cut_edited_or_foreign_file_is_refused_in_one_line(tmp_path: Path, spoil: Callable[[str], str], message: str) -> None:
    path = _write(tmp_path / "old.jsonl", judged.variant().lines())
    path.write_text(spoil(path.read_text()))
    with pytest.raises(RefoptError, match=message) as caught:
        read(path)
    assert "\n" not in caught.value.message


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, message in (("binary", "not text"), ("nothing", "No such file"), (".", "Is a directory")):
        with pytest.raises(RefoptError, match=message):
            read(tmp_path / name)


def test_a_sealed_report_of_another_version_is_refused(tmp_path: Path) -> None:
    def other(lines: list[Line]) -> None:
        del lines[-1]["dtypes"]

    path = _write(tmp_path / "old.jsonl", _edited(judged.variant().lines(), other))
    with pytest.raises(RefoptError, match="not a report of this version"):
        read(path)


def test_the_seal_holds_after_reading_and_breaks_with_any_letter() -> None:
    lines = judged.conforming().lines()
    assert is_whole(json.loads(json.dumps(lines)))
    assert sealed(lines) == lines
    for i in range(len(lines)):
        spoilt = json.loads(json.dumps(lines))
        spoilt[i]["extra"] = 1
        assert not is_whole(spoilt)
