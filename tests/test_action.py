"""The action for CI: its script runs as it stands, with the words that a person gives it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ACTION = Path(__file__).parents[1] / ".github/actions/check/action.yml"


def _script() -> str:
    """The last script of the action."""
    text = ACTION.read_text(encoding="utf-8")
    return textwrap.dedent(text.rpartition("run: |\n")[2])


def _run(here: Path, subjects: str, options: str) -> tuple[int, str]:
    bin = here / "bin"
    bin.mkdir()
    for name, what in (("python", '"$@"'), ("refopt", '-m refopt "$@"')):
        (bin / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {what}\n', encoding="utf-8")
        (bin / name).chmod(0o755)
    names = {"SARIF": "refopt.sarif", "JUNIT": "refopt.xml", "BADGE": "refopt.json", "GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output"}
    (here / "summary.md").touch()
    words = names | {"SUBJECTS": subjects, "OPTIONS": options, "PATH": f"{bin}:{os.environ['PATH']}", "PYTHONPATH": str(ACTION.parents[3])}
    done = subprocess.run(["bash", "-e", "-c", _script()], cwd=here, env=os.environ | words, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_action_judges_what_it_is_given_and_writes_its_files(tmp_path: Path) -> None:
    shutil.copy(ACTION.parents[3] / "refopt/examples/one_beta.py", tmp_path / "mine.py")
    code, out = _run(tmp_path, "'./mine.py:OneBeta'", "--rule adam --dtype float32 --case adam-open-basic-001 --search 0")
    assert code == 1 and "::error title=refopt::exit 1" in out
    assert (tmp_path / "output").read_text(encoding="utf-8") == "exit=1\n"
    assert "deviates" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "refopt.json").read_text(encoding="utf-8"))["color"] == "red"
    (result,) = json.loads((tmp_path / "refopt.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "mine.py"
    assert (tmp_path / "refopt.xml").exists()
