"""The committed C, JavaScript and Rust files, compiled without a warning and judged by the golden files like anyone else's program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from tests.generated.programs import PROGRAMS, RULES, SCHEDULES, few, javascript_program, rust_program

DTYPES = ("float64", "float32")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_generated_program_conforms_in_both_formats_in_each_language(r: Rule) -> None:
    """One after another: where they give the same bits, what is judged of one need not be judged again."""
    for language, program in PROGRAMS.items():
        verdict = judge_program(program(), r.name, dtypes=DTYPES, cases=() if r.name == "adam" else few(r.name))
        found = [(f.dtype, f.verdict, f.precision, f.approach.mode) for f in verdict.findings]
        assert found == [(d, "conforms", "full", "stepwise") for d in DTYPES], language
        assert not [x.case.id for f in verdict.findings for x in f.ground.lines if x.verdict in ("no_answer", "deviates")], language


@pytest.mark.parametrize("program", [javascript_program, rust_program], ids=["javascript", "rust"])
@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_a_generated_schedule_conforms(s: Schedule, program: Callable[[], Program]) -> None:
    verdict = judge_program(program(), s.name)
    assert [(f.dtype, f.verdict, f.precision) for f in verdict.findings] == [("float64", "conforms", "full")]


def test_the_commands_of_contributing_make_and_judge_the_programs(tmp_path: Path) -> None:
    """Copied as they stand, but for the folder, each on one case."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Judge the generated code\n")[2]
    block = re.search(r"```sh\n(.*?)```", text, re.S)
    assert block is not None
    torch, jax, make, *judge = block[1].splitlines()
    assert make == "python -m tests.generated.programs build"

    def said(words: list[str]) -> str:
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    printed = said([*make.split()[1:-1], str(tmp_path)]).splitlines()
    assert printed == [line.replace("build/", f"{tmp_path}/") for line in judge]
    for line in [torch, jax, *printed]:
        refopt, *words = line.split()
        assert refopt == "refopt" and "conforms with adam" in said(["-m", "refopt", words[0], "--case", "adam-open-basic-001", *words[1:]])
