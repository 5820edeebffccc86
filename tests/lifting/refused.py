"""Code that cannot be read: the refusal, by the words in which its reason is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from refopt.lifting.unreadable import CannotRead
from refopt.report.words import told


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Fails unless what is inside is refused with a reason in which a pattern is found."""
    with pytest.raises(CannotRead) as found:
        yield
    assert re.search(words, told(found.value.reason)), told(found.value.reason)
