"""The other end of a fresh process: it makes implementations by their names, and answers requests until its input ends.

A message is its length in eight bytes, then plain values. The implementation's own output goes nowhere.
"""

from __future__ import annotations

import os
import sys
from typing import Any, BinaryIO

from refopt.conformance.protocol.frames import read, write
from refopt.conformance.protocol.python_process import collect_rarely


def main() -> None:
    """Answer until there is nothing more to read."""
    collect_rarely()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (message := receive(sys.stdin.buffer)) is not None:
        send(answers, answered(message))


def receive(file: BinaryIO) -> Any:
    """The next message; None where there is none."""
    from refopt.conformance.protocol.plain import decode

    text = read(file)
    return None if text is None else decode(text)


def send(file: BinaryIO, message: Any) -> None:
    """Write a message."""
    from refopt.conformance.protocol.plain import encode

    write(file, encode(message))


def answered(message: dict[str, Any]) -> Any:
    """The answers to all requests of a message, or {"error": why the implementation could not be made}."""
    from refopt.conformance.protocol.message import packed_answer, request_of
    from refopt.frameworks import load

    if message["path"] is not None:
        sys.path[:] = message["path"]
    try:
        made = load(message["spelled"], message["rule"], message["maps"], message["per_tensor"])
        return [packed_answer(made.run(request_of(r))) for r in message["requests"]]  # type: ignore[union-attr]
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
