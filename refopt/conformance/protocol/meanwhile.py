"""A computation in a thread of its own, mostly one that waits for another process; its result is asked for later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """The result of a function that was begun at once. The thread keeps nobody from ending."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._found: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="refopt-meanwhile")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found.append(self._function())
        except BaseException as error:  # raised again where the result is asked for
            self._error = error

    def result(self) -> T:
        """The value, as soon as there is one; what the function raised is raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found[0]
