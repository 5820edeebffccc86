"""What is begun in a thread is asked for later: its value, or what it raised."""

from __future__ import annotations

import threading

import pytest

from refopt.conformance.protocol.meanwhile import Meanwhile


def test_it_runs_while_others_do_and_its_result_is_waited_for() -> None:
    go = threading.Event()
    begun = Meanwhile(lambda: go.wait(60))
    go.set()
    assert begun.result() is True and begun.result() is True


def test_what_it_raised_is_raised_where_the_result_is_asked_for() -> None:
    begun = Meanwhile(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        begun.result()
