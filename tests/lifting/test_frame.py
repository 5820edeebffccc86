"""What code asks of arrays is noted, and by whom."""

from __future__ import annotations

import pytest

from refopt.lifting.frame import Frame, Number, asked, current, note, reading, shapes_around
from refopt.lifting.look import Look
from tests.lifting.refused import refused


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
    with reading(Frame(), set()), refused("no formula says anything"):
        asked(look)


def test_a_frame_says_what_is_not_as_usual() -> None:
    assert str(Frame((2, 2))) == "arrays of shape (2, 2)"
    assert str(Frame((3,), "float16", Number.INT)) == "arrays of shape (3,) in float16, hyperparameters being of type int"


@pytest.mark.parametrize("n", [2, 4, 17, 256])
def test_shapes_lie_on_both_sides_of_a_number_in_every_axis(n: int) -> None:
    shapes = set(shapes_around([n]))
    assert {(n,), (n + 1,), (n, 2), (n + 1, 2), (2, n), (2, n + 1)} <= shapes


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_arrays_have_more_axes_than_a_small_number_that_code_names(n: int) -> None:
    assert n + 1 in {len(shape) for shape in shapes_around([n])}
