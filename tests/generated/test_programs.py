"""The committed C, JavaScript and Rust files, compiled without a warning and judged by the golden files like anyone else's program."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from refopt.conformance.harness.judge_program import Program, judge_program
from refopt.language.rule import Rule
from refopt.language.schedule import Schedule
from tests.generated.programs import RULES, SCHEDULES, c_program, few, javascript_program, rust_program

PROGRAMS = {"c": c_program, "javascript": javascript_program, "rust": rust_program}
each_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
DTYPES = ("float64", "float32")


@each_program
@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_a_generated_program_conforms_in_both_formats(r: Rule, program: Callable[[], Program]) -> None:
    verdict = judge_program(program(), r.name, dtypes=DTYPES, cases=() if r.name == "adam" else few(r.name))
    assert [(f.dtype, f.verdict, f.precision, f.mode) for f in verdict.findings] == [(d, "conforms", "full", "stepwise") for d in DTYPES]
    assert not [x.case.id for f in verdict.findings for x in f.lines if x.verdict in ("no_answer", "deviates")]


@pytest.mark.parametrize("program", [javascript_program, rust_program], ids=["javascript", "rust"])
@pytest.mark.parametrize("s", SCHEDULES, ids=lambda s: s.name)
def test_a_generated_schedule_conforms(s: Schedule, program: Callable[[], Program]) -> None:
    verdict = judge_program(program(), s.name)
    assert [(f.dtype, f.verdict, f.precision) for f in verdict.findings] == [("float64", "conforms", "full")]
