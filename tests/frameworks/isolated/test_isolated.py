"""Whatever a person's code does in its process is one clear line; the other cases keep their results, and nothing is left running."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks.isolated import isolated
from refopt.frameworks.isolated.opened import importable
from refopt.frameworks.isolated.wire import Described, Failed, Load
from refopt.report.report import Report, check

CODE = """
import os, subprocess, sys, threading, time
import numpy as np

class SGD:
    def init(self, theta):
        return {}
    def act(self, t):
        pass
    def step(self, theta, grad, state, t, lr=0.01):
        self.act(t)
        return theta - lr * grad, state

class Raises(SGD):
    def __init__(self):
        raise RuntimeError("no such device")

class Exits(SGD):
    def act(self, t):
        if t == 7:
            exit()

class Dies(SGD):
    def act(self, t):
        if t == 7:
            os._exit(3)

class Hangs(SGD):
    def act(self, t):
        while t == 7:
            time.sleep(1)

class Prints(SGD):
    def act(self, t):
        print("x" * 1_000_000)

class Spawns(SGD):
    def act(self, t):
        if t == 1:
            threading.Thread(target=time.sleep, args=(3600,)).start()
            subprocess.Popen(["sleep", "3598.25"])

class Patches(SGD):
    def act(self, t):
        np.sqrt = np.zeros = None
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder with a module of a person's own; isolation is on."""
    (tmp_path / "mine_apart.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("REFOPT_ISOLATED", "1")
    monkeypatch.setattr(isolated, "LONGEST", 1.0)
    yield
    sys.modules.pop("mine_apart", None)


SHORT, LONG = "sgd-open-shapes-001", "sgd-open-basic-001"


def checked(name: str) -> Report:
    return check(f"mine_apart.{name}", "sgd", dtypes=["float64"], cases=[SHORT, LONG], search=0)


def test_right_code_conforms_and_is_not_imported_here(mine: None) -> None:
    report = checked("SGD")
    assert report.verdict == "conforms" and report.footer["isolated"] is True
    assert "mine_apart" not in sys.modules


@pytest.mark.parametrize(
    ("name", "told"),
    [("Exits", "update 7: raised SystemExit"), ("Dies", "its process ended (exit status 3)"), ("Hangs", "no answer in 1 s; its process was ended")],
)
def test_what_breaks_in_update_7_costs_the_cases_that_have_one_and_no_other(name: str, told: str, mine: None) -> None:
    report = checked(name)
    lines = {line.case.id: line for line in report.found.worst.ground.lines}
    assert lines[SHORT].verdict == Conformance.CONFORMS
    assert lines[LONG].verdict == Conformance.NO_ANSWER and told in str(report)
    assert len(str(report).splitlines()) < 12


def test_what_cannot_be_made_is_one_line(mine: None) -> None:
    with pytest.raises(RefoptError, match="RuntimeError: no such device") as caught:
        checked("Raises")
    assert "\n" not in caught.value.message


def test_much_output_is_counted_and_not_shown(mine: None, capfd: pytest.CaptureFixture[str]) -> None:
    report = checked("Prints")
    assert report.verdict == "conforms" and "MB, which are not shown" in str(report)
    assert capfd.readouterr() == ("", "")


def test_nothing_that_it_started_is_left(mine: None) -> None:
    assert checked("Spawns").verdict == "conforms"
    assert "sleep 3598.25" not in subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_what_it_does_to_numpy_is_done_there(mine: None) -> None:
    checked("Patches")
    assert np.sqrt(4.0) == 2 and np.zeros(1)[0] == 0


def test_a_class_that_can_be_imported_runs_apart_and_any_other_object_here(mine: None) -> None:
    import mine_apart  # type: ignore[import-not-found]

    class Local(mine_apart.SGD):  # type: ignore[misc]
        pass

    assert importable(mine_apart.SGD) == "python:mine_apart:SGD" and importable(Local) is None and importable(mine_apart.SGD()) is None
    assert check(mine_apart.SGD, "sgd", dtypes=["float64"], cases=[LONG]).footer["isolated"] is True
    assert check(Local, "sgd", dtypes=["float64"], cases=[LONG]).footer["isolated"] is False


def test_an_error_in_its_remarks_is_told_and_not_taken_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    session = isolated.Session(Load("python:mine:A", "sgd", {}, ".", ()))
    monkeypatch.setattr(session, "asked", lambda *_: Failed("ValueError: no such device"))
    made = isolated.Isolated(session, Described("mine:A", "", "sgd", {}, None, True, False, False, "python:mine:A"))
    assert made.told == ("remarks raised ValueError: no such device",)
