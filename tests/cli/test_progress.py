"""The progress bar."""

from __future__ import annotations

import io

import pytest

from refopt.cli.progress import Progress, bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def a_capable_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def test_the_line_is_as_wide_as_promised() -> None:
    assert bar("adam", 30, 41, "certifying to 40 digits") == "adam      [##########################----------]  30/41  certifying to 40 digits"
    assert len(bar("a_very_long_name" * 4, 1000000, 1000000, "x" * 80)) <= 80


def test_nothing_is_drawn_where_nobody_looks() -> None:
    stream = io.StringIO()
    with Progress(stream) as progress:
        progress.show("adam", 1, 2)
    assert stream.getvalue() == ""


def test_the_line_is_erased_at_the_end() -> None:
    stream = Terminal()
    with Progress(stream) as progress:
        progress.show("adam", 1, 2)
    drawn = stream.getvalue()
    assert "1/2" in drawn
    assert drawn.endswith(f"\r{' ' * len(bar('adam', 1, 2))}\r")


def test_it_is_erased_when_an_error_passes_through() -> None:
    stream = Terminal()
    with pytest.raises(ValueError, match="broken"), Progress(stream) as progress:
        progress.show("adam", 1, 2)
        raise ValueError("broken")
    assert stream.getvalue().endswith(" \r")


def test_the_last_step_is_always_drawn() -> None:
    stream = Terminal()
    progress = Progress(stream)
    count = progress.counter("adam")
    for done in range(1, 1001):
        count(done, 1000)
    assert "1000/1000" in stream.getvalue()
    assert stream.getvalue().count("\r") < 200


def test_an_empty_task_has_an_empty_bar() -> None:
    assert "0/0" in bar("adam", 0, 0)
