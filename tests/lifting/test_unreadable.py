"""A refusal is not lost where foreign code catches it."""

from __future__ import annotations

import contextlib

import pytest

from refopt.lifting.unreadable import CannotRead, tolerated, unswallowed


def test_a_refusal_that_was_caught_is_raised_at_the_end() -> None:
    with pytest.raises(CannotRead, match="the first"), unswallowed():
        with contextlib.suppress(Exception):
            raise CannotRead("the first")
        with contextlib.suppress(BaseException):
            raise CannotRead("the second")


def test_a_refusal_that_our_own_code_does_without_is_none() -> None:
    with unswallowed(), contextlib.suppress(CannotRead), tolerated():
        raise CannotRead("tried")


def test_another_exception_goes_through() -> None:
    with pytest.raises(ValueError, match="other"), unswallowed():
        raise ValueError("other")
