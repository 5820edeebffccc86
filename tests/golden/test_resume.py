"""A golden build that was killed goes on where it was, and gives the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from refopt.golden import build as building
from refopt.golden.build import build
from refopt.golden.resume import finished

NAMES = ("constant", "exponential", "step_decay")
KILLED = """
import sys, time
from pathlib import Path
import refopt.golden.build as b
real = b.build_one
b.build_one = lambda name: time.sleep(60) if name == "exponential" else real(name)
b.build(["constant", "exponential", "step_decay"], Path(sys.argv[1]))
"""


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_killed_build_goes_on_with_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = build(NAMES, tmp_path / "whole" / "golden")
    assert whole.resumed == 0 and not list((tmp_path / "whole").glob(".*"))
    base = tmp_path / "killed" / "golden"
    base.parent.mkdir()
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(base)], env={**os.environ})
    kept = finished(base).folder
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list(kept.glob("*.json"))) < 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert sorted(p.name for p in kept.iterdir()) == ["constant.json", "step_decay.json"] and not base.exists()
    (kept / "step_decay.json").write_text('{"result": {}, "hash": "0"}')  # one of them damaged since
    computed: list[str] = []
    real = building.build_one
    monkeypatch.setattr(building, "build_one", lambda name: (computed.append(name), real(name))[1])
    again = build(NAMES, base)
    assert (again.resumed, computed) == (1, ["step_decay", "exponential"])
    assert _bytes(base) == _bytes(tmp_path / "whole" / "golden") and again.after == whole.after
    assert not list(base.parent.glob(".*"))
    assert "1 of them were finished by a build that was stopped" in again.lines()


def test_what_other_code_finished_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = tmp_path / "golden"
    finished(base).put("constant", building.build_one("constant"))
    assert finished(base).get("constant") is not None
    monkeypatch.setattr("refopt.golden.resume._version", lambda name: "another")
    assert finished(base).get("constant") is None
