"""What is known before a long search stands on the screen while it lasts."""

from __future__ import annotations

import io

import pytest

from refopt.cli import early_screen
from refopt.cli.early_screen import EarlyScreen
from tests.report import judged


class Screen(io.StringIO):
    """A stream that is a terminal, or is not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        """Whether a person looks at it."""
        return self._terminal


def test_on_a_terminal_the_verdict_stands_at_once_and_gives_way_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Screen(terminal=True)
    early = EarlyScreen(stream, lambda: None)
    early.begins(judged.unexplained().found)
    told = stream.getvalue()
    assert "deviates from sgd in float64" in told and "First difference: case sgd-open-" in told
    early.end()
    lines = told.count("\n")
    assert stream.getvalue() == f"{told}\x1b[{lines}A\x1b[J"


def test_elsewhere_nothing_is_printed_where_the_search_is_short() -> None:
    stream = Screen(terminal=False)
    early = EarlyScreen(stream, lambda: None)
    early.begins(judged.unexplained().found)
    early.end()
    assert stream.getvalue() == ""


def test_elsewhere_a_long_search_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(early_screen, "PATIENCE", 0.0)
    stream = Screen(terminal=False)
    early = EarlyScreen(stream, lambda: None)
    early.begins(judged.unexplained().found)
    early.begins(judged.unexplained().found)
    assert early._timer is not None
    early._timer.join()
    early.end()
    assert stream.getvalue().count("deviates from sgd") == 1
    assert "\x1b" not in stream.getvalue()
