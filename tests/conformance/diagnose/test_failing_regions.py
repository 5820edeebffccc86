"""Where elements fail, in words: the plainest place that holds all that fails and nothing that is right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from refopt.conformance.diagnose.failing_regions import Marks, Shape, Tensor, places
from refopt.report.words import told

SHAPES: tuple[Shape, ...] = (
    (1,), (2,), (3,), (4,), (64,), (8, 8), (5, 5), (3, 4), (2, 3, 4), (2, 2, 3, 2), (67,), (3, 5), (128,), (1000,), (4096,), (70001,), (131072,), (),
)  # fmt: skip


def _told(wrong: Callable[[Shape, np.ndarray], object]) -> str | None:
    """The place of what fails, by shape and position; all else is right."""
    seen = []
    for shape in SHAPES:
        n = int(np.prod(shape, dtype=int))
        mask = np.broadcast_to(np.asarray(wrong(shape, np.arange(n)), dtype=bool), (n,)).copy()
        seen.append(Marks(Tensor(shape, 0, (shape,)), mask, ~mask))
    found = next(places(seen), None)
    return None if found is None else told(found)


def _size(shape: Shape) -> int:
    return int(np.prod(shape, dtype=int))


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (lambda s, i: (_size(s) % 2 == 0) & (i == _size(s) - 1), "in the last element of tensors of an even size"),
        (lambda s, i: (_size(s) % 8 == 0) & (i >= _size(s) - 8), "in the last 8 elements of tensors whose size is a multiple of 8"),
        (lambda s, i: i % 8 == 7, "in every 8th element, from number 7 on"),
        (lambda s, i: i % 13 == 12, "in every 13th element, from number 12 on"),
        (lambda s, i: i == _size(s) // 2, "in the middle element"),
        (lambda s, i: _size(s) % 3 == 0, "in tensors whose size is a multiple of 3"),
        (lambda s, i: len(s) >= 3, "in tensors of 3 and more dimensions (3-D, ...)"),
        (lambda s, i: len(s) == 2 and s[0] == s[1], "in square matrices"),
        (lambda s, i: s == (1,), "in tensors of shape (1,)"),
        (lambda s, i: s == (), "in scalars, shape (),"),
        (lambda s, i: (68 <= _size(s) <= 70000) & (i == _size(s) - 1),
         "in the last element of tensors of 128 to 4096 elements (right up to 67 and from 70001 on)"),
        (lambda s, i: (_size(s) >= 100000) & (i == _size(s) - 1),
         "in the last element of tensors of 131072 and more elements (right up to 70001)"),
        (lambda s, i: i < _size(s) - _size(s) % 16, "in full blocks of 16 elements"),
        (lambda s, i: i >= _size(s) - _size(s) % 8, "in elements after the last full block of 8"),
        (lambda s, i: i >= 32868, "in elements from number 32868 on"),
        (lambda s, i: (len(s) == 2) & (i >= _size(s) - s[-1] if s else False), "in the last row of 2-D tensors"),
    ],
)  # fmt: skip
def test_a_place_is_told_in_words(wrong: Callable[[Shape, np.ndarray], object], text: str) -> None:
    assert _told(wrong) == text


def test_nothing_is_said_where_all_fail_or_none_does_or_there_is_no_pattern() -> None:
    assert _told(lambda s, i: True) is None
    assert _told(lambda s, i: False) is None
    rng = np.random.default_rng(3)
    assert _told(lambda s, i: rng.random(len(i)) < 0.5) is None


def test_an_element_that_fails_at_times_only_is_no_place() -> None:
    both = np.ones(67, dtype=bool)
    assert next(places([Marks(Tensor((67,)), both, both)]), None) is None
