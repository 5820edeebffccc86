"""Programs with one planted bug are never called conforming; programs that misbehave give no wrong verdict."""

from __future__ import annotations

import pytest

import refopt
from refopt.errors import RefoptError
from tests.implementations.planted import BEHAVIOUR, Planted, adam, others

QUICK = ("sgd", "momentum", "nesterov")
ASKED = [p for p in (*adam.PROGRAMS, *others.PROGRAMS) if p.rule in QUICK or p.expected.startswith("variant:")]
"""Rules whose diagnosis takes a second or two, and known formulas; every planted bug is diagnosed in tests/quality/."""
BETTER = {"momentum:momentum_ignored": "sgd", "amsgrad:amsgrad_without_old_maximum": "adam"}
"""Bugs that nobody named beforehand, and that make another rule of the program."""


def _spelling(p: Planted) -> str:
    return f"python:{p.make.__module__}:{p.make.__name__}"


@pytest.mark.parametrize("p", ASKED, ids=lambda p: p.name)
def test_a_planted_bug_is_noticed_and_a_known_formula_is_named(p: Planted) -> None:
    report = refopt.check(_spelling(p), p.rule, dtypes=["float64"])
    verdict, _, name = p.expected.partition(":")
    if p.name in BETTER:
        verdict, name = "variant", BETTER[p.name]
    footer = report.footer
    assert (footer["verdict"], footer["precision"]) == (verdict, "full"), (p.note, footer)
    assert report.exit == (0 if verdict == "conforms" else 1)
    if verdict == "variant":
        assert footer["matches"] == name


@pytest.mark.parametrize("p", [b for b in BEHAVIOUR if b.expected == "no_answer"], ids=lambda p: p.name)
def test_a_program_that_misbehaves_gives_no_answer_in_one_line(p: Planted) -> None:
    try:
        report = refopt.check(_spelling(p), p.rule, dtypes=["float32"])
    except RefoptError as error:
        assert "\n" not in error.message
        return
    assert report.verdict in ("no_answer", "deviates"), report.footer
    assert report.exit == 1
