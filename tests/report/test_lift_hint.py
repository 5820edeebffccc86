"""A deviation that has no name: the report says how to see the formula, where the code can be read."""

from __future__ import annotations

import shlex
from functools import cache

import numpy as np
import pytest

import refopt
from refopt.report.html.card import card
from refopt.report.report import Report
from tests.cli.running import refopt as command
from tests.report import judged


class Levelling:
    """Descent whose steps level off where gradients are large: no formula of the catalogue, nor one edit of one."""

    def init(self, theta: np.ndarray) -> dict[str, np.ndarray]:
        """Nothing is remembered."""
        return {}

    def step(self, theta: np.ndarray, grad: np.ndarray, state: dict[str, np.ndarray], t: int, *, lr: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """One update."""
        return theta - theta.dtype.type(lr) * grad / (1 + np.abs(grad)), {}


@cache
def levelling() -> Report:
    return refopt.check("python:tests.report.test_lift_hint:Levelling", "sgd", cases=["sgd-open-basic-001"], dtypes=["float64"])


def test_the_command_that_is_printed_shows_the_formula(capsys: pytest.CaptureFixture[str]) -> None:
    assert levelling().found.worst.verdict == "deviates" and levelling().found.worst.diagnosis.edit is None
    page = str(levelling()).splitlines()
    line = page[page.index("Its formula:") + 1]
    assert line == "  refopt prove python:tests.report.test_lift_hint:Levelling --rule sgd"
    assert "lr * g / (1 + abs(g))" in " ".join(command(capsys, *shlex.split(line)[1:]).out.split())


def test_the_page_says_it_too() -> None:
    assert "<dt>Its formula</dt><dd><code>refopt prove python:tests.report.test_lift_hint:Levelling --rule sgd</code></dd>" in card(levelling().found, "card")


@pytest.mark.parametrize("report", [judged.unexplained, judged.edited, judged.variant, judged.conforming, judged.broken, judged.schedule])
def test_nothing_is_said_where_it_is_named_or_cannot_be_read(report: judged.Judge) -> None:
    assert "refopt prove" not in str(report())


def test_an_object_without_a_name_has_no_command() -> None:
    report = refopt.check(lambda: Levelling(), "sgd", cases=["sgd-open-basic-001"], dtypes=["float64"])
    assert report.found.readable and "refopt prove" not in str(report)
