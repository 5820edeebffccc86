"""The committed C files: judged through the flat wire, compiled without a warning, with the bits of the NumPy code."""

from __future__ import annotations

import pytest

from refopt.conformance.harness.judge_program import judge_program
from refopt.language.rule import Rule
from tests.generated.programs import RULES, c_program


@pytest.mark.parametrize("r", RULES, ids=lambda r: r.name)
def test_the_generated_c_conforms_in_both_formats(r: Rule) -> None:
    verdict = judge_program(c_program(), r.name)
    assert [(f.dtype, f.verdict, f.precision) for f in verdict.findings] == [(d, "conforms", "full") for d in ("float64", "float32")]
    assert not [x.case.id for f in verdict.findings for x in f.lines if x.verdict == "no_answer"]
