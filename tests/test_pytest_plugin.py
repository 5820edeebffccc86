"""The plugin in a pytest of its own: nothing is loaded without need, options, summary, report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SUITE = """
from refopt.testing import assert_conforms, parametrize_with_cases

@parametrize_with_cases(["numpy.sgd"], dtypes=["float64", "float32"])
def test_cases(implementation, case):
    case(implementation)

def test_whole():
    assert_conforms("python:tests.implementations.planted.others:sgd_elements_reversed", "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"])
"""


def _run(folder: Path, *words: str) -> tuple[int, str]:
    plugins = ["-p", "no:refopt", "-p", "refopt.pytest_plugin", "-p", "no:cacheprovider"]  # by its module, also where it is installed
    command = [sys.executable, "-m", "pytest", *plugins, "-W", "error", "--rootdir", str(folder), *words]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    settings.pop("CI", None)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=settings, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "test_opt.py").write_text(SUITE)
    return tmp_path


def test_the_plugin_is_an_entry_point_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"refopt": "refopt.pytest_plugin"}


def test_a_run_without_refopt_tests_loads_nothing_and_prints_nothing(tmp_path: Path) -> None:
    text = "import sys\ndef test_it():\n    assert not {'numpy', 'sympy', 'mpmath', 'torch', 'refopt.testing', 'refopt.report'} & set(sys.modules)\n"
    (tmp_path / "test_other.py").write_text(text)
    code, out = _run(tmp_path, "-q")
    assert (code, "refopt" in out) == (0, False), out


def test_cases_can_be_selected_and_only_those_are_judged(suite: Path) -> None:
    code, out = _run(suite, "-q", "-k", "float64-sgd-open-basic-001")
    assert code == 0, out
    assert "1 passed, " in out
    assert any(line.startswith("numpy.sgd float64: conforms  error/bound ") and line.endswith(", 1 case") for line in out.splitlines()), out


def test_one_format_is_chosen_by_an_option(suite: Path) -> None:
    code, out = _run(suite, "--collect-only", "-q", "--refopt-dtype", "float32")
    assert code == 0, out
    ids = [line for line in out.splitlines() if "::test_cases[" in line]
    assert ids
    assert all("[sgd-float32-" in i for i in ids)


def test_a_format_that_does_not_exist_is_one_line(suite: Path) -> None:
    code, out = _run(suite, "--refopt-dtype", "floot32")
    assert code == 4
    assert [line for line in out.splitlines() if line] == [line for line in out.splitlines() if line.startswith("ERROR: --refopt-dtype: ")], out


def test_a_failure_shows_the_diagnosis_in_the_short_summary_and_at_the_end(suite: Path) -> None:
    code, out = _run(suite, "-q", "-k", "whole")
    assert code == 1
    assert "E       refopt.NotAsExpected: others:sgd_elements_reversed deviates from sgd: " in out
    assert any(line.startswith("FAILED test_opt.py::test_whole - refopt.NotAsExpected: others:sgd") for line in out.splitlines()), out
    assert "refopt/testing.py" not in out.partition("short test summary")[0]  # the traceback ends in the test
    assert "tests.implementations.planted.others:sgd_elements_reversed float64: deviates from sgd" in out


def test_a_report_takes_its_form_from_its_name(suite: Path) -> None:
    forms = {"a.html": "<!doctype html>", "a.md": "## refopt", "a.xml": "<?xml ", "a.jsonl": '{"kind": "header"'}
    code, out = _run(suite, "-q", "-k", "whole or float64-sgd-open-basic-001", *(word for name in forms for word in ("--refopt-report", name)))
    assert code == 1
    for name, beginning in forms.items():
        assert f"refopt: wrote {name}" in out
        assert (suite / name).read_text().startswith(beginning)
    lines = [json.loads(line) for line in (suite / "a.jsonl").read_text().splitlines()]
    judged = [line["implementation"] for line in lines if line["kind"] == "footer"]
    assert judged == ["numpy.sgd", "tests.implementations.planted.others:sgd_elements_reversed"]


def test_a_report_that_cannot_be_written_is_said_and_changes_no_result(suite: Path) -> None:
    code, out = _run(suite, "-q", "-k", "float64-sgd-open-basic-001", "--refopt-report", "no/a.html")
    assert code == 0
    assert "refopt: cannot write no/a.html: No such file or directory" in out


def test_with_two_processes_the_summary_and_the_reports_hold_what_both_judged(suite: Path) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is in the test extra")
    summaries, reports, drawn = [], [], []
    for number in ("0", "2"):
        files = [f"--refopt-report=of{number}.{form}" for form in ("jsonl", "html")]
        code, out = _run(suite, "-q", "-p", "xdist", "-n", number, "--dist", "load", "-k", "whole or float64-sgd-open-basic or float64-sgd-open-low", *files)
        assert code == 1, out
        summaries.append(sorted(line for line in out.splitlines() if line.startswith(("numpy.sgd ", "tests.implementations."))))
        reports.append(sorted((f["implementation"], json.dumps(f["dtypes"])) for f in _footers(suite / f"of{number}.jsonl")))
        drawn.append((suite / f"of{number}.html").read_text().count("<svg"))
    assert len(summaries[0]) == len(reports[0]) == 2
    assert summaries[0] == summaries[1]
    assert reports[0] == reports[1]
    assert drawn[0] == drawn[1] > 0


def test_with_two_processes_a_format_that_does_not_exist_is_one_line_too(suite: Path) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is in the test extra")
    code, out = _run(suite, "-p", "xdist", "-n", "2", "--refopt-dtype", "floot32")
    assert code == 4
    assert "Traceback" not in out
    assert [line for line in out.splitlines() if line.startswith("ERROR: --refopt-dtype: ")], out


def _footers(path: Path) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, path.read_text().splitlines()) if line["kind"] == "footer"]
