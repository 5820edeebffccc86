"""The figures of `refopt bench core`: that they are measured at all; their size is for people."""

from __future__ import annotations

import json

import pytest

from refopt.bench import core
from refopt.errors import RefoptError
from tests.cli.running import refopt


@pytest.fixture(autouse=True)
def a_small_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "STEPS", 3)
    monkeypatch.setattr(core, "LONG", 5)
    monkeypatch.setattr(core, "ELEMENTS", 2)
    monkeypatch.setattr(core, "REPEATED", 1)


def test_the_figures_asked_for_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "bench", "core", "help", "mpmath")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert lines[0].startswith("refopt --help")
    assert " ms " in lines[0]
    assert lines[1].startswith("exact Adam, mpmath")


def test_json_has_one_line_a_figure(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in refopt(capsys, "bench", "core", "mpmath", "arb", "--json").out.splitlines()]
    assert [line["name"] for line in lines] == ["exact Adam, mpmath", "exact Adam, Arb"]
    assert all(line["value"] > 0 for line in lines)


def test_an_unknown_figure_is_refused_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    ran = refopt(capsys, "bench", "core", "help", "mpmat")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: no figure 'mpmat'\nhelp: did you mean mpmath?")


def test_a_check_is_measured_in_two_formats_whatever_it_finds() -> None:
    figure = core.check("refopt.generated.numpy.constant")
    assert figure.value and figure.value > 0 and figure.note.startswith("float64 and float32; ") and figure.note.endswith(" s of processor time")
    with pytest.raises(RefoptError, match=r"refopt check numpy\.gone failed"):
        core.check("numpy.gone")


def test_a_command_that_fails_has_no_time() -> None:
    with pytest.raises(RefoptError, match="refopt show adma failed"):
        core.seconds("show", "adma")


def test_every_figure_is_named_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    out = " ".join(refopt(capsys, "bench", "--help").out.split())
    assert " ".join(core.FIGURES) in out


def test_the_long_run_stands_side_by_side_in_mpmath_arb_and_mpfr(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in refopt(capsys, "bench", "core", "run", "--json").out.splitlines()]
    assert [line["name"] for line in lines] == ["5 steps, mpmath", "5 steps, Arb", "5 steps, MPFR"]
    assert all(line["value"] > 0 for line in lines) and sum("1.0 x the fastest" in line["note"] for line in lines) >= 1
