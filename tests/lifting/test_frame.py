"""What code asks of arrays is noted, and by whom."""

from __future__ import annotations

import pytest

from refopt.lifting.frame import Frame, Look, Number, asked, current, note, reading
from refopt.lifting.unreadable import CannotRead


def test_code_that_is_run_sees_the_frame_and_nothing_else_does() -> None:
    frame = Frame((2, 2), "float32")
    with reading(frame, set()):
        assert current() == frame
    assert current() == Frame()


def test_a_question_of_the_code_is_noted() -> None:
    looks: set[Look] = set()
    with reading(Frame(), looks):
        asked(Look.SHAPE)
        note(Look.TYPE)
    assert looks == {Look.SHAPE, Look.TYPE}


@pytest.mark.parametrize("look", [Look.TEXT, Look.IDENTITY])
def test_a_question_that_no_formula_answers_is_refused(look: Look) -> None:
    with reading(Frame(), set()), pytest.raises(CannotRead, match="no formula says anything"):
        asked(look)


def test_a_frame_says_what_is_not_as_usual() -> None:
    assert str(Frame((2, 2))) == "arrays of shape (2, 2)"
    assert str(Frame((3,), "float16", Number.INT)) == "arrays of shape (3,) in float16, hyperparameters being of type int"
