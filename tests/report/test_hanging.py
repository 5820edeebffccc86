"""A hang of an object in the caller's own process is told, once a call; it is not ended, and what comes back late counts."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import pytest

import refopt
from refopt.conformance.protocol import watch
from refopt.conformance.verdict.conformance import Conformance


def test_a_late_answer_is_told_and_counts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(watch, "LONGEST", 0.3)
    monkeypatch.setattr(watch, "LOOK", 0.05)
    slept = []

    class SGD:
        def init(self, theta: Any) -> dict[str, Any]:
            return {}

        def step(self, theta: Any, grad: Any, state: dict[str, Any], t: int, lr: float = 0.01) -> Any:
            if not slept:
                slept.append(t)
                time.sleep(1.0)
            return theta - lr * grad, state

    handlers, threads = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM)], threading.active_count()
    report = refopt.check(SGD, "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"])
    told = capsys.readouterr().err.splitlines()
    assert report.verdict == Conformance.CONFORMS and report.footer["isolated"] is False
    assert len(told) == 1 and "SGD has given no answer for" in told[0] and "is not ended" in told[0], told
    assert [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM)] == handlers
    deadline = time.monotonic() + 5
    while threading.active_count() > threads and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= threads


def test_what_answers_in_time_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    def sgd(params: Any, grads: Any, lr: float = 0.1) -> Any:
        return [p - lr * g for p, g in zip(params, grads, strict=True)]

    assert refopt.check(sgd, "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"]).verdict == Conformance.CONFORMS
    assert "no answer" not in capsys.readouterr().err
