"""One line a person should see once: the slower engine runs, and why."""

from __future__ import annotations

_SAID: set[str] = set()


def notice(text: str) -> None:
    """Say it on the logger `refopt.optim` (on stderr where nobody set up logging), once a process."""
    if text not in _SAID:
        _SAID.add(text)
        import logging

        logging.getLogger("refopt.optim").warning(text)
