"""`prove` calls no wrong program equal, and every right one; the counts stand on the page of quality tables."""

from __future__ import annotations

import pytest

from refopt import catalogue
from refopt.proof.prove import is_proved
from tests.quality.proof_programs import ALL, RIGHT, WRONG, Program, implementation_of, programs


def _proved(kinds: tuple[object, ...], style: str) -> tuple[list[str], list[str]]:
    """The programs that are proved to be their rule, and those that are not."""
    proved: list[str] = []
    others: list[str] = []
    for i, program in enumerate(programs(kinds)):  # type: ignore[arg-type]
        if program.style == style:
            (proved if _is_equal(program, i) else others).append(str(program))
    return proved, others


def _is_equal(program: Program, i: int) -> bool:
    return is_proved(implementation_of(program, f"proof_program_{i}"), catalogue.rule(program.rule))


@pytest.mark.parametrize("style", ALL)
def test_no_wrong_program_is_equal(style: str) -> None:
    proved, others = _proved(WRONG, style)
    assert proved == [] and len(others) >= 60, len(others)


@pytest.mark.parametrize("style", ALL)
def test_every_right_program_is_equal(style: str) -> None:
    proved, others = _proved(RIGHT, style)
    assert others == [] and len(proved) >= 10, len(proved)


def test_there_are_two_hundred_wrong_programs_and_thirty_right_ones() -> None:
    assert len(list(programs(WRONG))) >= 200 and len(list(programs(RIGHT))) >= 30
