"""What `refopt harness new` writes: whole programs, short, and right as they stand."""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.programs.skeletons import SKELETONS, skeleton
from refopt.errors import RefoptError
from tests.cli.running import refopt
from tests.conformance.conftest import tool

CASES = ("adam-defaults-001", "adam-open-basic-001", "adam-open-low-001", "adam-open-rate-001", "adam-open-shapes-001", "adam-resume-001", "adam-edge-007",
         "adam-reject-002")  # fmt: skip


def built(language: str, folder: Path) -> Program:
    """The skeleton, built where it must be."""
    found = skeleton(language)
    source = folder / found.file
    source.write_text(found.text)
    if language == "python":
        return Program((sys.executable, str(source)), timeout=60)
    if language == "javascript":
        return Program((tool("node"), str(source)), timeout=60)
    command = [tool("rustc"), "-O"] if language == "rust" else [tool("gcc", "cc", "clang"), "-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([*command, "-o", folder / "adam", source, *(["-lm"] if language == "c" else [])], check=True, cwd=folder)
    return Program((str(folder / "adam"),), wire="flat", timeout=60)


@pytest.mark.parametrize("language", [s.language for s in SKELETONS])
def test_a_skeleton_conforms_as_it_stands(tmp_path: Path, language: str) -> None:
    verdict = judge_program(built(language, tmp_path), cases=CASES)
    dtypes = ("float64", "float32") if language == "javascript" else ("float64",)
    assert [(f.dtype, f.verdict, f.precision, f.approach.mode) for f in verdict.findings] == [(d, "conforms", "full", "stepwise") for d in dtypes]
    assert {x.case.id for f in verdict.findings for x in f.ground.lines if x.verdict == "no_answer"} == set()


def test_the_javascript_skeleton_answers_the_largest_case(tmp_path: Path) -> None:
    verdict = judge_program(built("javascript", tmp_path), cases=["adam-open-many-001"], dtypes=["float32"])
    assert verdict.worst.verdict == "conforms" and verdict.worst.diagnosis.claims == 3 * 70001


@pytest.mark.parametrize("found", SKELETONS, ids=lambda s: s.language)
def test_a_skeleton_is_under_40_lines_with_one_marked_place_for_the_formula(found: object) -> None:
    lines = found.text.splitlines()  # type: ignore[attr-defined]
    assert len(lines) < 40
    marks = [i for i, x in enumerate(lines) if "-----" in x]
    assert len(marks) == 2 and "your formula" in lines[marks[0]] and marks[1] - marks[0] < 12


def test_a_file_that_exists_is_written_over_only_where_it_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "adam.mjs"
    ran = refopt(capsys, "harness", "new", "javascript", "--out", str(path))
    assert ran.code == 0 and ran.out.startswith(f"Wrote {path}.") and path.read_text() == skeleton("javascript").text
    path.write_text("mine")
    ran = refopt(capsys, "harness", "new", "javascript", "--out", str(path))
    assert (ran.code, ran.err.splitlines()[0], path.read_text()) == (2, f"error: {path} exists already", "mine")
    ran = refopt(capsys, "harness", "new", "javascript", "--out", str(path), "--force")
    assert ran.code == 0 and ran.out.startswith(f"Wrote over {path}.") and path.read_text() == skeleton("javascript").text


@pytest.mark.parametrize(
    ("language", "out", "command"),
    [
        ("javascript", "adam.mjs", "refopt check -- node adam.mjs"),
        ("javascript", "new/my adam.mjs", "refopt check -- node 'new/my adam.mjs'"),
        ("python", "/elsewhere/x.py", "refopt check -- python3 /elsewhere/x.py"),
        ("c", "adam.c", "cc -O2 -o adam adam.c -lm && refopt check --wire flat -- ./adam"),
        ("c", "new/mine.c", "cc -O2 -o new/mine new/mine.c -lm && refopt check --wire flat -- new/mine"),
        ("rust", "my adam.rs", "rustc -O -o 'my adam' 'my adam.rs' && refopt check --wire flat -- './my adam'"),
        ("rust", "adam", "rustc -O -o adam.program adam && refopt check --wire flat -- ./adam.program"),
    ],
)
def test_the_command_names_the_file_where_it_was_written(language: str, out: str, command: str) -> None:
    assert skeleton(language).check(Path(out)) == command


def test_the_command_that_is_printed_works_when_it_is_pasted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    ran = refopt(capsys, "harness", "new", "python", "--out", "a folder/mine.py")
    made, wrote, following = ran.out.splitlines()
    assert (made, wrote.partition(". ")[0]) == ("Made the folder a folder.", "Wrote a folder/mine.py")
    words = shlex.split(following.removeprefix("Next:  "))[1:]
    assert refopt(capsys, words[0], "--case", CASES[0], "--timeout", "60", *words[1:]).code == 0
    assert "Made" not in refopt(capsys, "harness", "new", "python", "--out", "a folder/other.py").out


def test_without_a_file_the_skeleton_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert refopt(capsys, "harness", "new", "rust").out == skeleton("rust").text


@pytest.mark.parametrize(("words", "error"), [(("new", "cobol"), "error: no skeleton in 'cobol'"), (("nwe", "c"), "error: no action 'nwe'"),
                                              (("new", "c", "--force"), "error: --force needs --out")])  # fmt: skip
def test_wrong_input_is_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], error: str) -> None:
    ran = refopt(capsys, "harness", *words)
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", error)


@pytest.mark.parametrize(("language", "asked", "told"), [("python", "flat", ""), ("c", "json", "--wire flat ")])
def test_a_program_that_is_asked_in_the_other_wire_is_told_its_own(language: str, asked: str, told: str, tmp_path: Path) -> None:
    program = replace(built(language, tmp_path), wire=asked)
    with pytest.raises(RefoptError) as caught:
        judge_program(program, "adam")
    assert caught.value.help == f"refopt check {told}--rule adam -- {program}"
