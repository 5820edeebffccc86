"""Messages between two processes on a pipe: the length of a text in eight bytes, then the text."""

from __future__ import annotations

import os
import select
import time
from typing import IO

WORD = 8
"""Bytes of a length."""
PART = 1 << 20
"""Bytes that are read at once."""


def framed(text: bytes) -> bytes:
    """A text with its length before it."""
    return len(text).to_bytes(WORD, "big") + text


def write(file: IO[bytes], text: bytes) -> None:
    """Write a text. Raises OSError where nobody reads."""
    file.write(framed(text))
    file.flush()


def read(file: IO[bytes]) -> bytes | None:
    """The next text, whenever it comes; None where the pipe ends before it is whole."""
    head = file.read(WORD)
    if len(head) < WORD:
        return None
    size = int.from_bytes(head, "big")
    text = file.read(size)
    return text if len(text) == size else None


def read_before(file: int, deadline: float) -> bytes:
    """The next text of an open file, by a time of the monotonic clock. Raises TimeoutError, or EOFError where the pipe ends before it is whole."""
    return _bytes(file, int.from_bytes(_bytes(file, WORD, deadline), "big"), deadline)


def _bytes(file: int, size: int, deadline: float) -> bytes:
    parts, left = [], size
    while left:
        ready, _, _ = select.select([file], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(file, min(left, PART))
        if not part:
            raise EOFError
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
