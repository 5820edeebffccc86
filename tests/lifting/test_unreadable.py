"""A refusal is not lost where foreign code catches it."""

from __future__ import annotations

import contextlib
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from refopt.lifting.obstacle import Obstacle
from refopt.lifting.unreadable import CannotRead, inside, line_in, tolerated, unswallowed
from tests.lifting.refused import refused


def test_a_refusal_that_was_caught_is_raised_at_the_end() -> None:
    with refused("the floor of x"), unswallowed():
        with contextlib.suppress(Exception):
            raise CannotRead(Obstacle.FLOOR_OF_A_ROUNDED, "x")
        with contextlib.suppress(BaseException):
            raise CannotRead(Obstacle.SCAN)


def test_a_refusal_that_our_own_code_does_without_is_none() -> None:
    with unswallowed(), contextlib.suppress(CannotRead), tolerated():
        raise CannotRead(Obstacle.SCAN)


def test_another_exception_goes_through() -> None:
    with pytest.raises(ValueError, match="other"), unswallowed():
        raise ValueError("other")


def test_a_folder_whose_name_begins_as_a_librarys_does_is_a_persons_own() -> None:
    frames = [("/libraries/refopt/lifting/scalar.py", 1), ("/libraries/refopt_of_mine/step.py", 3)]
    assert line_in(frames, inside(["/libraries/refopt"])) == "step.py line 3"
    assert line_in(frames, inside(["/libraries"])) == ""
    assert line_in([(str(Path(sysconfig.get_path("scripts")) / "refopt"), 5)]) == ""  # the script that called all of it


def test_a_persons_function_may_be_called_as_refopts_reader_is() -> None:
    own: dict[str, Any] = {"CannotRead": CannotRead, "it": Obstacle.SCAN}
    exec(compile("def quietly():\n    return CannotRead(it)\n", "/home/me/mine.py", "exec"), own)
    assert own["quietly"]().where == "mine.py line 2"
