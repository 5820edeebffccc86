"""The committed log has the shape and the start that its script writes (the digits that follow are torch's own)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data import make_logs


def test_the_script_writes_such_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_logs, "__file__", str(tmp_path / "make_logs.py"))
    make_logs.main()
    made, committed = ((folder / "some_log.csv").read_text().splitlines() for folder in (tmp_path, Path(__file__).parent))
    assert made[:2] == committed[:2]
    assert len(made) == len(committed) == make_logs.STEPS + 1
