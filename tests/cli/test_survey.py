"""`refopt check` with no name: a first screen, and a wrong Adam to look at where no framework is."""

from __future__ import annotations

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


def test_full_and_reports_judge_everything_in_every_format(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "known", lambda: [Known("refopt.generated.numpy.constant", "constant", "numpy", "2.0")])
    monkeypatch.setattr(check, "frameworks", lambda: {})
    assert "1 pairs, float64 float32" in refopt(capsys, "check", "--full").out
    assert '"surveyed": 1' in refopt(capsys, "check", "--json").out
