"""Values beyond a border, told from what fails and what is right."""

from __future__ import annotations

import numpy as np

from refopt.conformance.diagnose.ranges import Quantity, Range, Side, Values, ranges


def _seen(failing: list[tuple[float, float]], right: list[tuple[float, float]]) -> Values:
    def columns(rows: list[tuple[float, float]]) -> dict[str, np.ndarray]:
        return {"theta": np.array([a for a, _ in rows]), "g": np.array([b for _, b in rows])}

    return Values(columns(failing), columns(right))


def test_gradients_beyond_a_size_are_a_range_of_sizes_and_of_no_sign() -> None:
    found = list(ranges(_seen([(0.0, 5.0), (0.0, -6.0)], [(0.0, 1.0), (0.0, -2.0)])))
    assert found == [Range(Quantity.SIZE_OF_G, Side.ABOVE, 5.0, 2.0)]


def test_negative_parameters_are_a_range_below() -> None:
    found = list(ranges(_seen([(-1.0, 1.0), (-3.0, -1.0)], [(2.0, 1.0), (0.5, -1.0)])))
    assert Range(Quantity.THETA, Side.BELOW, -1.0, 0.5) in found


def test_a_value_that_is_right_among_those_that_fail_leaves_no_range() -> None:
    assert list(ranges(_seen([(1.0, 1.0), (3.0, 3.0)], [(2.0, 2.0)]))) == []


def test_without_anything_right_there_is_no_border() -> None:
    assert list(ranges(_seen([(1.0, 1.0)], []))) == []


def test_the_mask_holds_what_lies_beyond_and_the_border_itself() -> None:
    beyond = Range(Quantity.SIZE_OF_THETA, Side.ABOVE, 2.0, 1.0)
    assert beyond.mask(np.array([-3.0, 2.0, 1.0]), np.zeros(3)).tolist() == [True, True, False]
