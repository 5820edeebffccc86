"""Hostile input is refused in one line: a small part of the long run's attempts, with its seed."""

from __future__ import annotations

import pytest

from tests.quality.hostile.__main__ import KINDS, SEED, attempts

SHARE = 0.03
"""Of the attempts of the long run."""


@pytest.mark.parametrize("kind", list(KINDS))
def test_spoiled_input_gives_no_traceback_no_hang_no_wrong_exit_code_and_no_half_written_file(kind: str) -> None:
    failures = list(attempts(kind, round(KINDS[kind][1] * SHARE), SEED))
    assert failures == [], f"seed {SEED}"
