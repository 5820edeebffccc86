"""The dialogue with a program as JSON lines: what was sent, what came back, what happened besides."""

from __future__ import annotations

import json
import time
from pathlib import Path

from refopt.errors import RefoptError


class Transcript:
    """A file of lines `{"seconds": .., "sent"|"received"|"event": ".."}`, each written whole. Raises RefoptError where it cannot be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._began = time.monotonic()
        try:
            self._file = path.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise self._failed(error) from None

    def write(self, what: str, line: bytes | str) -> None:
        """One line of the dialogue."""
        text = line.decode("utf-8", "backslashreplace") if isinstance(line, bytes) else line
        entry = {"seconds": round(time.monotonic() - self._began, 4), what: text.rstrip("\n")}
        try:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> RefoptError:
        return RefoptError(f"cannot write {self.path}: {error.strerror or error}", help="name another file: --transcript FILE")

    def close(self) -> None:
        """The file is whole."""
        self._file.close()
