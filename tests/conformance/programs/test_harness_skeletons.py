"""What `refopt harness new` writes: whole programs, short, and right as they stand."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refopt import catalogue
from refopt.conformance.programs.dialogue import Dialogue
from refopt.conformance.programs.flat_wire import FlatWire
from refopt.conformance.programs.json_wire import JsonWire
from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.programs.program import OptimizerProgram
from refopt.conformance.programs.skeletons import DTYPES, LANGUAGES, Skeleton, skeleton
from refopt.conformance.programs.skeletons.language import Language, Ran
from refopt.conformance.protocol.implementation import Ran as RanOn
from refopt.conformance.protocol.implementation import Request
from refopt.errors import RefoptError
from refopt.language.rule import Rule
from refopt.report.report import check
from refopt.report.words import told_or_none
from refopt.rounding.error_bounds import ratios
from refopt.rounding.formats import FORMATS
from tests.catalogue.own import OWN_RULES
from tests.cli.running import refopt
from tests.conformance.conftest import tool
from tests.generated.test_own_rules import GRADIENTS, THETA, bounds_of

CASES = ("adam-defaults-001", "adam-open-basic-001", "adam-open-low-001", "adam-open-rate-001", "adam-open-shapes-001", "adam-resume-001", "adam-edge-007",
         "adam-reject-002", "adam-courses-001")  # fmt: skip
ADAM = catalogue.rule("adam")
RUN_HERE = ("python", "javascript", "c", "c++", "cuda", "rust", "go")
"""Languages whose programs run in these tests: Go where it is installed, CUDA without a GPU's compiler."""
COMPILED = ("c", "c++", "cuda", "rust", "go")
BUGS = {
    "python": ("beta2 * v + (1 - beta2)", "beta1 * v + (1 - beta2)"), "javascript": ("Math.sqrt(v_hat) + eps", "Math.sqrt(v_hat + eps)"),
    "c": ("1 - pow(beta2, t)", "1 - pow(beta1, t)"), "c++": ("1 - std::pow(beta2, t)", "1 - std::pow(beta1, t)"),
    "cuda": ("std::sqrt(v_hat) + eps", "std::sqrt(v_hat + eps)"), "rust": ("1.0 - f64::powf(beta2, t)", "1.0 - f64::powf(beta1, t)"),
    "go": ("math.Sqrt(v_hat) + eps", "math.Sqrt(v_hat + eps)"),
}  # fmt: skip
VARIANTS = ("javascript", "cuda", "go")
"""Those of them that come to a named variant."""


def built(found: Skeleton, folder: Path, wrong: tuple[str, str] | None = None) -> Program:
    """The skeleton, built where it must be; `wrong` is a piece of its formula and what stands there instead."""
    source, text, language = folder / found.file, found.text, found.language.name
    if wrong is not None:
        assert text.count(wrong[0]) == 1, text
        text = text.replace(*wrong)
    source.write_text(text)
    if language == "python":
        return Program((sys.executable, str(source)), timeout=60)
    if language == "javascript":
        return Program((tool("node"), str(source)), timeout=60)
    strict = ("-O1", "-Wall", "-Wextra", "-Werror")
    command = {
        "c": (("gcc", "cc", "clang"), *strict), "c++": (("g++", "c++", "clang++"), *strict), "cuda": (("g++", "c++", "clang++"), *strict, "-x", "c++"),
        "rust": (("rustc",), "-D", "warnings"), "go": (("go",), "build"),
    }[language]  # fmt: skip
    names, *options = command
    assert isinstance(names, tuple)
    made = [tool(*names), *map(str, options), "-o", str(folder / "built"), str(source), *(["-lm"] if language == "c" else [])]
    subprocess.run(made, check=True, cwd=folder)
    return Program((str(folder / "built"),), wire="flat", timeout=60)


@pytest.mark.parametrize(("language", "dtype"), [(x, None if x not in COMPILED else "float32") for x in RUN_HERE])
def test_a_skeleton_conforms_as_it_stands(tmp_path: Path, language: str, dtype: str | None) -> None:
    verdict = judge_program(built(skeleton(language, ADAM, dtype), tmp_path), cases=CASES)
    dtypes = (dtype,) if dtype else DTYPES
    assert [(f.dtype, f.verdict, f.precision, f.approach.mode) for f in verdict.findings] == [(d, "conforms", "full", "stepwise") for d in dtypes]
    assert {x.case.id for f in verdict.findings for x in f.ground.lines if x.verdict == "no_answer"} == set()
    assert all(f.ground.looked_at.courses == ("eps",) for f in verdict.findings), "it takes hyperparameters that change from update to update"


@pytest.mark.parametrize(("name", "dtype"), [("adam", "float32"), ("amsgrad", "float64")])
def test_a_skeleton_around_a_library_conforms_and_is_named_where_it_is_wrong(name: str, dtype: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool("cc")
    monkeypatch.chdir(tmp_path)
    found = skeleton("ctypes", catalogue.rule(name), dtype)
    assert found.check() == f"refopt check {name}.py:Mine --rule {name}"
    cases = [f"{name}-open-basic-001", f"{name}-open-low-001"]
    for file, change in ((f"its_{name}.py", ("", "")), (f"wrong_{name}.py", ("1 - pow(beta2, t)", "1 - pow(beta1, t)"))):
        (tmp_path / file).write_text(found.text.replace(*change, 1) if change[0] else found.text)
        report = check(f"./{file}:Mine", name, dtypes=[dtype], cases=cases, search=20)
        right = not change[0]
        assert report.verdict == ("conforms" if right else "deviates"), (file, report.verdict)
        told = told_or_none(report.found.worst.diagnosis.edit)
        assert right or (told is not None and told.endswith(": 1 - beta2^t -> 1 - beta1^t")), told
    other = check(f"./its_{name}.py:Mine", name, dtypes=["float32" if dtype == "float64" else "float64"], cases=cases)
    assert other.verdict == "skipped" and f"its shared library has {dtype}" in str(other)


@pytest.mark.parametrize("language", RUN_HERE)
def test_a_wrong_formula_in_a_skeleton_is_named(tmp_path: Path, language: str) -> None:
    wrong = built(skeleton(language, ADAM, "float32"), tmp_path, BUGS[language])
    finding = judge_program(wrong, cases=CASES[1:3], dtypes=["float32"]).worst
    if language in VARIANTS:
        assert (finding.verdict, finding.diagnosis.matches) == ("variant", ("adam/eps_in_sqrt",))
    else:
        assert finding.verdict == "deviates" and finding.diagnosis.edit is not None


@pytest.mark.parametrize("name", ["sgd", "momentum/raw_start", "amsgrad", "adam/eps_hat", "lion"])
def test_a_skeleton_of_another_rule_conforms(name: str, tmp_path: Path) -> None:
    rule = catalogue.rule(name)
    cases = [f"{name.replace('/', '.')}-open-basic-001", f"{name.replace('/', '.')}-defaults-001"]
    verdict = judge_program(built(skeleton("c", rule, "float32"), tmp_path), name, cases=cases)
    assert (verdict.worst.dtype, verdict.worst.verdict, verdict.worst.precision) == ("float32", "conforms", "full")


def test_the_javascript_skeleton_answers_the_largest_case(tmp_path: Path) -> None:
    verdict = judge_program(built(skeleton("javascript", ADAM), tmp_path), cases=["adam-open-many-001"], dtypes=["float32"])
    assert verdict.worst.verdict == "conforms" and verdict.worst.diagnosis.claims == 3 * 70001


RUN_HERE = ("python", "javascript", "c", "c++", "rust", "go")


@pytest.mark.parametrize(("language", "rule"), [*((x, "own_nadam") for x in RUN_HERE), ("c", "own_adagrad"), ("c", "own_radam")])
def test_states_of_one_value_that_start_elsewhere_than_at_0_and_operations_without_a_library_function_are_within_the_bound(
    rule: str, language: str, tmp_path: Path
) -> None:  # fmt: skip
    own = next(r for r in OWN_RULES if r.name == rule)
    program = built(skeleton(language, own, "float64"), tmp_path)
    steps, bounds = bounds_of(rule, "float64")
    made = ran_once(program, own, THETA, GRADIENTS)
    for name, values in made.items():
        exact = steps[-1].theta if name == "theta" else steps[-1].state[name]
        assert max(ratios([float(x) for x in np.ravel(values)], exact, bounds[name])) <= 1, name


def ran_once(program: Program, rule: Rule, theta: Sequence[float], gradients: Sequence[Sequence[float]]) -> Mapping[str, Any]:
    """Theta and the states of a program after these gradients, with the rule's defaults."""
    rows = tuple((np.array(g),) for g in gradients)
    hyper = {h.name: float(h.default) for h in rule.hyper}
    request = Request(rule.name, rule.state_names, FORMATS["float64"], hyper, None, (np.array(theta),), None, 1, rows)
    with Dialogue(program.command, FlatWire() if program.wire == "flat" else JsonWire(), program.timeout) as dialogue:
        declared = dialogue.start()
        offered = declared.rules[rule.name]
        assert set(offered.hyper) == set(rule.hyper_names) and set(offered.state) == set(rule.state_names)
        answer = OptimizerProgram("", "", rule.name, rule.name, offered, declared.dtypes, dialogue).run(request)
    assert isinstance(answer, RanOn), answer
    return {"theta": answer.after[-1].theta[0], **answer.after[-1].state[0]}


@pytest.mark.parametrize("found", LANGUAGES, ids=lambda x: x.name)
def test_a_skeleton_is_short_with_one_marked_place_for_the_formula(found: Language) -> None:
    lines = skeleton(found.name, ADAM).text.splitlines()
    assert len(lines) < (105 if found.template == "cuda.txt" else 75)
    marks = [i for i, x in enumerate(lines) if "-----" in x]
    assert len(marks) == 2 and "your formula" in lines[marks[0]] and marks[1] - marks[0] < 14


@pytest.mark.parametrize("found", [x for x in LANGUAGES if x.ran is not Ran.ALWAYS], ids=lambda x: x.name)
def test_a_language_that_does_not_always_run_here_says_so_where_it_is_written(found: Language, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = refopt(capsys, "harness", "new", found.name, "--out", str(tmp_path / "x"))
    assert ran.code == 0 and f"{found.name}: {found.ran.value}." in ran.out.splitlines()


def test_typescript_is_javascript_with_types(tmp_path: Path) -> None:
    typed, plain = skeleton("typescript", ADAM), skeleton("javascript", ADAM)
    assert "`" not in typed.text and "`" not in plain.text
    assert "Numbers" in typed.text and "Numbers" not in plain.text
    (tmp_path / typed.file).write_text(typed.text)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    options = ("--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck")
    done = subprocess.run([tool("tsc"), *options, typed.file], cwd=tmp_path, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if "node:readline" not in line]  # the types of Node.js are a package of their own
    assert told == [], done.stdout


def test_the_compiler_of_cuda_takes_the_skeleton(tmp_path: Path) -> None:
    found = skeleton("cuda", ADAM, "float32")
    (tmp_path / found.file).write_text(found.text)
    done = subprocess.run([tool("nvcc"), "-c", "-o", "built", found.file], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_file_that_exists_is_written_over_only_where_it_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, text = tmp_path / "adam.mjs", skeleton("javascript", ADAM).text
    ran = refopt(capsys, "harness", "new", "javascript", "--out", str(path))
    assert ran.code == 0 and ran.out.startswith(f"Wrote {path}.") and path.read_text() == text
    path.write_text("mine")
    ran = refopt(capsys, "harness", "new", "javascript", "--out", str(path))
    assert (ran.code, ran.err.splitlines()[0], path.read_text()) == (2, f"error: {path} exists already", "mine")
    ran = refopt(capsys, "harness", "new", "javascript", "--out", str(path), "--force")
    assert ran.code == 0 and ran.out.startswith(f"Wrote over {path}.") and path.read_text() == text


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
    assert skeleton(language, ADAM).check(Path(out)) == command


def test_the_command_that_is_printed_works_when_it_is_pasted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    ran = refopt(capsys, "harness", "new", "python", "--rule", "rmsprop", "--dtype", "float32", "--out", "a folder/mine.py")
    made, wrote, following = ran.out.splitlines()
    assert (made, wrote.partition(". ")[0]) == ("Made the folder a folder.", "Wrote a folder/mine.py")
    words = shlex.split(following.removeprefix("Next:  "))[1:]
    assert refopt(capsys, words[0], "--case", "rmsprop-open-basic-001", "--timeout", "60", *words[1:]).code == 0
    assert "Made" not in refopt(capsys, "harness", "new", "python", "--out", "a folder/other.py").out


def test_without_a_file_the_skeleton_is_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert refopt(capsys, "harness", "new", "rust").out == skeleton("rust", ADAM).text


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("new", "cobol"), "error: no skeleton in 'cobol'"), (("nwe", "c"), "error: no action 'nwe'"), (("new", "c", "--force"), "error: --force needs --out"),
        (("new", "c", "--rule", "adma"), "error: no rule 'adma'"), (("new", "c", "--dtype", "float16"), "error: no format of a skeleton, 'float16'"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_line(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], error: str) -> None:
    ran = refopt(capsys, "harness", *words)
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", error)


@pytest.mark.parametrize(("language", "asked", "told"), [("python", "flat", ""), ("c", "json", "--wire flat ")])
def test_a_program_that_is_asked_in_the_other_wire_is_told_its_own(language: str, asked: str, told: str, tmp_path: Path) -> None:
    program = replace(built(skeleton(language, ADAM), tmp_path), wire=asked)
    with pytest.raises(RefoptError) as caught:
        judge_program(program, "adam")
    assert caught.value.help == f"refopt check {told}--rule adam -- {program}"


@pytest.mark.parametrize(("language", "spoken"), [("python", "auto"), ("c", "flat")])
def test_a_program_is_spoken_to_as_it_answers_where_nothing_is_said(language: str, spoken: str, tmp_path: Path) -> None:
    program = replace(built(skeleton(language, ADAM), tmp_path), wire="auto", transcript=tmp_path / "t.jsonl")
    verdict = judge_program(program, cases=CASES[:1])
    assert verdict.worst.verdict == "conforms" and verdict.program is not None and verdict.program.wire == spoken
    assert (tmp_path / "t.jsonl").read_text().count('"started"') == 1
