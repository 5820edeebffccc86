"""A survey's processes answer as this one does, each entry its own, and one that ends costs one entry its answer."""

from __future__ import annotations

import os
import signal

import pytest

from refopt.report import survey_worker
from refopt.report.lines import footer
from refopt.report.survey_worker import Entry, judged, shared

NAMES = ("constant", "exponential", "constant_factor", "inverse_time")
ENTRIES = [Entry(f"refopt.generated.numpy.{n}", ("float64",), 0.0) for n in NAMES]


def test_two_processes_answer_in_the_order_of_the_entries_what_this_one_does() -> None:
    told: list[tuple[str, int, int]] = []
    answers = shared([*ENTRIES, Entry("refopt.generated.numpy.nothing_of_the_kind", ("float64",), 0.0)], 2, lambda *x: told.append(x))
    for entry, (verdict, message) in zip(ENTRIES, answers, strict=False):
        here, _ = judged(entry)
        assert verdict is not None and here is not None and message is None
        assert (verdict.rule, verdict.worst.verdict) == (here.rule, here.worst.verdict)
        assert {k: v for k, v in footer(verdict).items() if k != "elapsed"} == {k: v for k, v in footer(here).items() if k != "elapsed"}
    assert answers[-1][0] is None and "nothing_of_the_kind" in str(answers[-1][1])
    assert sorted(n for _, n, _ in told) == [0, 1, 2, 3, 4] and {total for _, _, total in told} == {5}


def test_a_process_that_ends_costs_its_entry_the_answer_and_the_next_one_is_answered() -> None:
    worker = survey_worker.Worker()
    try:
        assert worker.answer(ENTRIES[0])[0] is not None
        process = worker._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        assert worker.answer(ENTRIES[1]) == (None, "its process ended with signal SIGKILL")
        assert worker.answer(ENTRIES[2])[0] is not None
    finally:
        worker.close()


def test_nothing_is_left_running_where_a_survey_is_interrupted() -> None:
    begun: list[survey_worker.Worker] = []

    def interrupted(name: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    original = survey_worker.Worker.__init__

    def kept(self: survey_worker.Worker) -> None:
        original(self)
        begun.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survey_worker.Worker, "__init__", kept)
        with pytest.raises(KeyboardInterrupt):
            shared(ENTRIES, 2, interrupted)
    assert begun and all(w._process is None or w._process.poll() is not None for w in begun)
