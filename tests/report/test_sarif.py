"""SARIF: a result for what fails, at its line where it has one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refopt.report.sarif import sarif
from tests.report import judged

MODULE = "x = 1\n\n\nclass MyAdam:\n    pass\n"


def _results(*names: str) -> list[dict[str, Any]]:
    found = json.loads(sarif([replace(judged.unexplained().found, implementation=name) for name in names]))
    (run,) = found["runs"]
    assert found["version"] == "2.1.0"
    assert {r["ruleId"] for r in run["results"]} <= {r["id"] for r in run["tool"]["driver"]["rules"]}
    results: list[dict[str, Any]] = run["results"]
    return results


def test_what_passes_has_no_result_and_what_was_not_judged_is_a_note() -> None:
    reports = (judged.conforming(), judged.meant(), judged.skipped(), judged.unexplained())
    results = json.loads(sarif([r.found for r in reports]))["runs"][0]["results"]
    assert [(r["ruleId"], r["level"]) for r in results] == [("skipped", "note"), ("deviates", "error")]


@pytest.mark.parametrize(("name", "line"), [("mine:MyAdam", 4), ("mine:MyAdam(lr=0.1)", 4), ("mine:other", 1)])
def test_a_class_of_the_current_folder_is_found_at_its_line(name: str, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (result,) = _results(name)
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "mine.py"}, "region": {"startLine": line}}


def test_what_has_no_file_here_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (result,) = _results("torch.optim.Adam")
    assert result["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "torch.optim.Adam"}]}]
    assert "deviates from" in result["message"]["text"]
