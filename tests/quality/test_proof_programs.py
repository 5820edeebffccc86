"""`prove` calls no wrong program equal, and every right one; the counts stand on the page of quality tables."""

from __future__ import annotations

import pytest

from tests.quality.pages import QUALITY, kept
from tests.quality.proof_kinds import ALL
from tests.quality.proof_programs import HEAD, Counted, counted, right, wrong

SHARE = 6
"""One program in so many is put to `prove` here; `python -m tests.quality.proof_programs` puts all."""


@pytest.mark.parametrize("style", ALL)
def test_no_wrong_program_is_equal_and_every_right_one_is(style: str) -> None:
    found = counted(style, SHARE)
    assert found.wrong_equal == ()
    assert {str(p) for p in [p for p in right() if p.style == style][::SHARE]} - set(found.right_equal) == set()


@pytest.mark.parametrize("style", ALL)
def test_the_table_is_of_these_programs(style: str) -> None:
    bad, good = ([str(p) for p in made if p.style == style] for made in (wrong(), right()))
    assert len(set(bad)) == len(bad) and len(set(good)) == len(good)
    assert Counted(style, len(bad), (), len(good), tuple(good)).row() in kept(QUALITY, "proof programs").splitlines()


def test_there_are_five_hundred_wrong_programs_and_a_hundred_right_ones_in_all_styles() -> None:
    assert len(list(wrong())) >= 500 and len(list(right())) >= 100
    assert len(kept(QUALITY, "proof programs").splitlines()) == len(HEAD) + len(ALL)
