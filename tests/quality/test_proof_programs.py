"""`prove` calls no wrong program equal, and every right one; the counts stand on the page of quality tables."""

from __future__ import annotations

import pytest

from tests.quality.pages import QUALITY, kept
from tests.quality.proof_kinds import ALL
from tests.quality.proof_programs import HEAD, counted, right, wrong


@pytest.mark.parametrize("style", ALL)
def test_no_wrong_program_is_equal_and_every_right_one_is(style: str) -> None:
    found = counted(style)
    assert found.wrong_equal == ()
    assert {str(p) for p in right() if p.style == style} - set(found.right_equal) == set()
    assert found.row() in kept(QUALITY, "proof programs").splitlines()


def test_there_are_two_hundred_wrong_programs_and_thirty_right_ones_in_all_styles() -> None:
    assert len(list(wrong())) >= 500 and len(list(right())) >= 150
    assert len(kept(QUALITY, "proof programs").splitlines()) == len(HEAD) + len(ALL)
