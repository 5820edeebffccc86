"""`refopt check` with no name: a first screen, and a wrong Adam to look at where no framework is."""

from __future__ import annotations

from pathlib import Path

import pytest

from refopt.cli import check
from refopt.conformance.protocol.implementation import Known
from refopt.report import survey
from tests.cli.running import refopt


def test_where_no_framework_is_a_wrong_adam_is_named_and_the_commands_for_ones_own_stand_below(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "frameworks", lambda: {})
    ran = refopt(capsys, "check")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert "    + v_hat <- v / (1 - beta1^t)" in lines
    assert "refopt check ./mine.py:MyAdam" in ran.out and "refopt check --full" in lines[-1]
    assert not any(line.startswith("exit ") for line in lines)


def test_full_and_reports_judge_everything_in_one_format_and_all_in_every_format(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "known", lambda: [Known("refopt.generated.numpy.constant", "constant", "numpy", "2.0")])
    monkeypatch.setattr(check, "frameworks", lambda: {})
    assert "1 pairs, float32" in refopt(capsys, "check", "--full").out
    assert "1 pairs, bfloat16" in refopt(capsys, "check", "--full", "--dtype", "bfloat16").out
    assert "1 pairs, float64 float32" in refopt(capsys, "check", "--all").out
    assert '"surveyed": 1' in refopt(capsys, "check", "--json").out


def test_a_page_alone_is_that_of_the_first_table_and_says_what_was_not_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [Known(f"refopt.generated.numpy.{n}", n, "numpy", "2.0") for n in ("constant", "exponential")]
    monkeypatch.setattr(survey, "known", lambda: names)
    monkeypatch.setattr(check, "frameworks", lambda: {"torch": "2.0"})
    monkeypatch.setattr(survey, "FIRST", survey.Reach(0.0))
    ran = refopt(capsys, "check", "--html", str(tmp_path / "a.html"))
    assert "1 of 2 pairs, float32" in ran.out
    text = (tmp_path / "a.html").read_text()
    assert "1 other pair of an implementation and a rule was not run" in text and "exponential" not in text


def test_prove_takes_a_rule_in_the_same_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert "equals sgd, for all inputs" in refopt(capsys, "prove", "refopt.generated.numpy.sgd=sgd").out
