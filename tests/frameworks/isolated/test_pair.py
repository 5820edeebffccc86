"""A framework's own optimizer runs in two processes, each in formats of its own: the answer is that of one process, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from refopt.catalogue import rule
from refopt.conformance.protocol.implementation import Answer, Request
from refopt.errors import RefoptError
from refopt.frameworks.installed import is_installed
from refopt.frameworks.isolated import pair
from refopt.frameworks.isolated.isolated import Isolated
from refopt.frameworks.isolated.opened import opened
from refopt.frameworks.isolated.paired import Paired
from refopt.frameworks.isolated.process import Process
from refopt.report.report import Report, check

NAME, RULE, FORMATS = "sklearn.AdamOptimizer", "adam", ("float64", "float32")
CASES = [f"adam-open-{sort}-001" for sort in ("basic", "every", "rate", "where")]


@pytest.fixture(autouse=True)
def not_imported_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A framework that takes little to import, and of which this process knows nothing yet."""
    if not is_installed("sklearn"):
        pytest.skip("sklearn is not installed")
    monkeypatch.setenv("REFOPT_ISOLATED", "1")
    monkeypatch.delitem(sys.modules, "sklearn", raising=False)
    yield


def checked(processes: int) -> Report:
    with pair.pairs(processes):
        ready = pair.make_ready(NAME, None, {}, False)
        assert ready is (processes > 1)
        return check(NAME, dtypes=FORMATS, cases=CASES)


def plain(report: Report) -> list[dict[str, Any]]:
    return [{k: v for k, v in line.items() if k not in ("elapsed", "sha256", "isolated")} for line in report.lines()]


def gone(process: Any) -> bool:
    return process._process.poll() is not None


def test_a_pair_says_what_one_process_says() -> None:
    together = checked(2)
    assert together.footer["isolated"] is True and together.footer["resume"]["fresh_process"] is True
    alone = checked(1)
    assert alone.footer["isolated"] is False and plain(together) == plain(alone)
    assert together.verdict == "variant" and together.footer["resume"]["runs"] > 0


def test_formats_are_run_in_different_processes_and_what_one_saved_goes_on_in_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[str, bool, int]] = []
    run = Isolated.run

    def told(self: Isolated, request: Request) -> Answer:
        ran.append((request.format.name, request.load is not None, id(self.session)))
        return run(self, request)

    monkeypatch.setattr(Isolated, "run", told)
    assert checked(2).verdict == "variant"
    begun = {f: {where for name, goes_on, where in ran if name == f and not goes_on} for f in FORMATS}
    gone_on = {f: {where for name, goes_on, where in ran if name == f and goes_on} for f in FORMATS}
    assert all(len(x) == 1 for x in (*begun.values(), *gone_on.values())), "one process a format"
    assert begun["float64"] == gone_on["float32"] and begun["float32"] == gone_on["float64"] and begun != gone_on


def test_where_the_other_process_dies_the_first_one_runs_both_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Paired.run

    def dies(self: Paired, request: Request) -> Answer:
        if request.format.name == "float32" and request.load is None and self is not firsts[0] and self.session.process is not None:
            os.killpg(self.session.process._process.pid, signal.SIGKILL)
        return run(self, request)

    of, firsts = Paired.of, []

    def made(*words: Any) -> Paired:
        firsts.append(of(*words))
        return firsts[0]

    monkeypatch.setattr(Paired, "run", dies)
    monkeypatch.setattr(Paired, "of", made)
    found = checked(2)
    assert firsts[0].partner.broke and not firsts[0].broke
    assert [found.footer["dtypes"][f]["verdict"] for f in FORMATS] == ["variant", "variant"]


def test_the_processes_wait_for_the_next_name_and_are_ended_after_the_last() -> None:
    with pair.pairs(2):
        pair.make_ready(NAME, None, {}, False)
        with opened(NAME, None, None) as first:
            assert isinstance(first, Paired) and first.rule == "adam"
            processes = [first.session.process, first.partner.session.process]
        pair.make_ready(NAME, None, {}, False)
        with opened("sklearn.SGDOptimizer(momentum=0.5)", None, None) as second:
            assert isinstance(second, Paired) and second.rule != first.rule
            assert [second.session.process, second.partner.session.process] == processes
            assert second.partner.session.loaded().name == second.name == "sklearn.SGDOptimizer(momentum=0.5)"
        assert not any(map(gone, processes))
    assert all(map(gone, processes))


def test_a_process_whose_answer_nobody_waited_for_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Process, seconds: float) -> None:
        raise KeyboardInterrupt

    with pair.pairs(2):
        pair.make_ready(NAME, None, {}, False)
        with opened(NAME, None, None) as made:
            assert isinstance(made, Paired) and made.session.process is not None
            process = made.session.process
            with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
                during.setattr(Process, "answer", interrupted)
                made.views(rule(RULE))
            assert gone(process) and made.views(rule(RULE)).keys() == {"m", "v"}, "another one is"


def test_a_name_that_cannot_be_made_is_an_error_and_the_next_one_is_made() -> None:
    wrong = "sklearn.AdamOptimizer(nonsense=1)"
    with pair.pairs(2):
        assert pair.make_ready(wrong, None, {}, False)
        with pytest.raises(RefoptError) as there, opened(wrong, None, None):
            pass
        assert pair.make_ready(NAME, None, {}, False)
        with opened(NAME, None, None) as made:
            assert isinstance(made, Paired)
    with pytest.raises(RefoptError) as here, opened(wrong, None, None):
        pass
    assert (there.value.message, there.value.help_for("check")) == (here.value.message, here.value.help_for("check"))


def test_what_is_imported_here_or_is_a_persons_own_runs_as_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    with pair.pairs(2):
        assert not any(pair.make_ready(name, None, {}, False) for name in ("numpy.adam", "python:mine:A", "there_is_no.such_thing"))
        monkeypatch.setitem(sys.modules, "sklearn", sys)
        assert not pair.make_ready(NAME, None, {}, False)
    assert not pair.make_ready(NAME, None, {}, False), "outside of a check nothing is started"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_running_when_a_check_is_stopped(sent: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-m", "refopt", "check", NAME, "--processes", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as check:
        until = time.monotonic() + 60
        while len(begun := _of("isolated.worker", check.pid)) < 2:
            assert time.monotonic() < until and check.poll() is None
            time.sleep(0.01)
        check.send_signal(sent)
        check.communicate(timeout=60)
    until = time.monotonic() + 30
    while any(os.path.exists(f"/proc/{pid}") for pid in begun):
        assert time.monotonic() < until, "they end with the one that started them"
        time.sleep(0.05)


def _of(module: str, parent: int) -> list[int]:
    """The processes that run a module, of one parent."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [int(pid) for pid, ppid, words in rows if int(ppid) == parent and module in words]
