"""`prove` calls no wrong program equal, and every right one; the counts stand on the page of quality tables."""

from __future__ import annotations

import pytest

from tests.quality.pages import QUALITY, kept
from tests.quality.proof_programs import ALL, HEAD, RIGHT, WRONG, counted, programs


@pytest.mark.parametrize("style", ALL)
def test_no_wrong_program_is_equal_and_every_right_one_is(style: str) -> None:
    found = counted(style)
    assert found.wrong_equal == ()
    right = {str(p) for p in programs(RIGHT) if p.style == style}
    assert right - set(found.right_equal) == set()
    assert found.row() in kept(QUALITY, "proof programs").splitlines()


def test_there_are_two_hundred_wrong_programs_and_thirty_right_ones_in_all_styles() -> None:
    assert len(list(programs(WRONG))) >= 200 and len(list(programs(RIGHT))) >= 30
    assert len(kept(QUALITY, "proof programs").splitlines()) == len(HEAD) + len(ALL)
