"""Programs with one planted bug are never called conforming; programs that misbehave give no wrong verdict."""

from __future__ import annotations

import pytest

import refopt
from refopt.errors import RefoptError
from tests.implementations.planted import BEHAVIOUR, PLANTED, Planted


def _spelling(p: Planted) -> str:
    return f"python:{p.make.__module__}:{p.make.__name__}"


QUICK = [p for p in PLANTED if p.rule in ("sgd", "momentum", "nesterov")]
"""Adam's planted bugs take up to half a minute each, because every combination of formulas and causes is tried on them."""


@pytest.mark.parametrize("p", QUICK, ids=lambda p: p.name)
def test_a_planted_bug_is_noticed(p: Planted) -> None:
    report = refopt.check(_spelling(p), p.rule, dtypes=["float64"])
    assert report.verdict in ("variant", "deviates"), (p.note, report.footer)
    assert report.exit == 1


@pytest.mark.parametrize("p", [b for b in BEHAVIOUR if b.expected == "no_answer"], ids=lambda p: p.name)
def test_a_program_that_misbehaves_gives_no_answer_in_one_line(p: Planted) -> None:
    try:
        report = refopt.check(_spelling(p), p.rule, dtypes=["float32"])
    except RefoptError as error:
        assert "\n" not in error.message
        return
    assert report.verdict in ("no_answer", "deviates"), report.footer
    assert report.exit == 1
