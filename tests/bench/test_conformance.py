"""The figures of `refopt bench conformance`: that they are measured at all; their size is for people."""

from __future__ import annotations

import shutil

import pytest

from refopt.bench import conformance
from tests.cli.running import refopt


@pytest.fixture(autouse=True)
def one_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conformance, "DTYPES", ("float32",))


def test_cases_a_second_and_the_share_of_the_implementation_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = refopt(capsys, "bench", "conformance", "numpy").out.splitlines()
    assert lines[0].startswith("numpy") and "cases/s" in lines[0]
    assert lines[1].startswith("numpy, inside it") and "%" in lines[1]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_program_in_javascript_is_measured_too() -> None:
    rate, inside = conformance.node_program()
    assert rate.value and rate.value > 0
    assert inside.value and 0 < inside.value < 100


def test_every_figure_is_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    out = " ".join(refopt(capsys, "bench", "--help").out.split())
    assert " ".join(conformance.FIGURES) in out
