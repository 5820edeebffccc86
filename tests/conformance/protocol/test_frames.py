"""A message comes whole or not at all, and in time or not at all."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator

import pytest

from refopt.conformance.protocol.frames import PART, framed, read, read_before, write

TEXTS = (b"", b"a", b"x" * 3000)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Where to read and where to write."""
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def test_texts_come_out_in_their_order_and_then_none() -> None:
    file = io.BytesIO()
    for text in TEXTS:
        write(file, text)
    file.seek(0)
    assert [read(file) for _ in TEXTS] == list(TEXTS)
    assert read(file) is None


@pytest.mark.parametrize("left", [3, 8, 10])
def test_what_is_cut_off_is_no_text(left: int) -> None:
    assert read(io.BytesIO(framed(b"hello")[:left])) is None


def test_a_text_is_read_before_its_time_whatever_its_parts(pipe: tuple[int, int]) -> None:
    assert len(TEXTS[-1]) < PART
    for text in TEXTS:
        os.write(pipe[1], framed(text)[:5])
        os.write(pipe[1], framed(text)[5:])
        assert read_before(pipe[0], time.monotonic() + 5) == text


def test_too_late_and_never_are_told_apart(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], framed(b"hello")[:10])
    with pytest.raises(TimeoutError):
        read_before(pipe[0], time.monotonic() + 0.01)
    os.close(pipe[1])
    with pytest.raises(EOFError):
        read_before(pipe[0], time.monotonic() + 5)
