"""How a long line is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest

from refopt.report.wrap import WIDTH, folded


def test_a_short_line_stays_as_it_is() -> None:
    assert folded("  one line") == ["  one line"]


@pytest.mark.parametrize(("indent", "hanging"), [(0, 0), (2, 4), (4, 20)])
def test_a_long_line_is_cut_at_blanks_and_its_parts_hang(indent: int, hanging: int) -> None:
    words = [f"word-{i}" for i in range(60)]
    lines = folded(" " * indent + "  ".join(words), hanging)
    assert len(lines) > 4 and all(len(line) <= WIDTH and line == line.rstrip() for line in lines)
    assert [len(line) - len(line.lstrip()) for line in lines] == [indent, *[indent + hanging] * (len(lines) - 1)]
    assert " ".join(lines).split() == words
    assert all(len(line) + 1 + len(following.split()[0]) > WIDTH for line, following in pairwise(lines))


def test_a_word_that_is_too_long_is_not_cut() -> None:
    assert folded("x" * 100) == ["x" * 100]
    assert folded(f"see {'x' * 100} there", 2) == ["see", f"  {'x' * 100} there"]
