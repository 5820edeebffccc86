"""Hostile input is refused in one line: a small part of the long run's attempts, with its seed, and the kept counts."""

from __future__ import annotations

import pytest

from tests.quality.hostile.__main__ import KINDS, SEED, attempts
from tests.quality.pages import QUALITY, kept

SHARE = 0.03
"""Of the attempts of the long run."""


@pytest.mark.parametrize("kind", list(KINDS))
def test_spoiled_input_gives_no_traceback_no_hang_no_wrong_exit_code_and_no_half_written_file(kind: str) -> None:
    failures = list(attempts(kind, round(KINDS[kind][1] * SHARE), SEED))
    assert failures == [], f"seed {SEED}"


def test_the_kept_table_is_of_all_kinds_and_shows_no_failure() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in kept(QUALITY, "hostile").splitlines() if line.startswith("|")][2:]
    assert [row[0] for row in rows] == [*KINDS, "all"]
    assert [int(row[1]) for row in rows] == [*(n for _, n in KINDS.values()), sum(n for _, n in KINDS.values())]
    assert sum(int(cell) for row in rows for cell in row[2:]) == 0
