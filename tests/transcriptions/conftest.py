"""The precision of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from . import digits
from .by_hand import WORKING_DIGITS


@pytest.fixture(autouse=True)
def eighty_digits() -> Iterator[None]:
    """Every test works at 80 digits."""
    with digits(WORKING_DIGITS):
        yield
