"""Local bounds at checkpoints of the golden files: decided, and what is not is counted and listed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from refopt.catalogue import rule
from refopt.cli.main import main
from refopt.golden.gappa_check import NO_CLAIM, Decided, GappaReport, draw, gappa_check
from refopt.golden.store import cases, packed_root
from refopt.rounding.gappa import EXACT, INSTALL, PROVED, TIMED_OUT, program
from refopt.rounding.worst_form import OneForm, one_forms

needs_gappa = pytest.mark.skipif(shutil.which("gappa") is None, reason=f"Gappa is not installed; {INSTALL}")


@needs_gappa
def test_nine_tenths_of_the_float32_goals_of_the_rules_that_people_use_are_decided() -> None:
    names = ("sgd", "momentum", "rmsprop", "adam")
    report = gappa_check(packed_root(), names, dtypes=("float32",), checkpoints=4)
    for name in names:
        n = report.counts(name, "float32")
        asked = n.total() - n[NO_CLAIM] - n[EXACT]
        assert asked >= 8 and n[PROVED] >= 0.9 * asked, (name, n)
        assert report.halved[name] is True
    assert report.exit == 0 and len(report.open()) == report.counts().total() - sum(report.counts()[o] for o in (PROVED, EXACT, NO_CLAIM))


@needs_gappa
def test_a_goal_that_takes_too_long_is_counted_and_listed() -> None:
    report = gappa_check(packed_root(), ("sgd",), dtypes=("float32",), checkpoints=1, time_limit=1e-6)
    assert report.counts() == {TIMED_OUT: 2} and report.halved == {"sgd": None}
    assert [line for line in report.lines() if line.startswith("timed out: sgd, theta, written form, float32, ")]
    assert "Gappa: 0 of 2 local bounds proved, 2 not (listed above)." in report.lines()


def test_an_accepted_half_is_exit_1() -> None:
    goal = Decided("sgd", "float32", "theta", "written", "sgd-open-basic-001", 1, 0, PROVED)
    report = GappaReport((goal,), {"sgd": False, "adam": True}, 1.0)
    assert report.exit == 1 and report.lines()[-1] == "exit 1: a halved bound was accepted"
    assert replace(report, halved={"sgd": True, "adam": None}).exit == 0


def test_checkpoints_are_the_same_at_every_call_and_take_up_the_bounds_of_the_file() -> None:
    adam = rule("adam")
    first, again = (draw(adam, cases("adam"), "float32", 30) for _ in range(2))
    assert [(c.case, c.t, c.element) for c in first] == [(c.case, c.t, c.element) for c in again]
    assert len({(c.case, c.t, c.tensor, c.element) for c in first}) == 30
    assert {c.block.radii is None for c in first} == {True, False}


def test_a_checkpoint_before_the_first_update_starts_where_the_rule_says() -> None:
    adagrad = rule("adagrad")
    start = [c.block for c in draw(adagrad, cases("adagrad"), "float64", 10**6) if c.t == 1]
    assert start and all(b.before["s"] == [b.hyper["s0"]] for b in start) and {b.hyper["s0"] for b in start} > {0}


def test_both_forms_of_every_assignment_are_made_at_every_checkpoint() -> None:
    adam = rule("adam")
    drawn = draw(adam, cases("adam"), "float32", 5)
    forms = [f for f in one_forms(adam, [c.block for c in drawn]) if isinstance(f, OneForm)]
    assert {(f.variable, f.which, f.block) for f in forms} == {(v, w, i) for v in ("m", "v", "theta") for w in ("written", "largest") for i in range(5)}


@needs_gappa
def test_the_command_counts_the_goals_in_its_footer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["golden", "verify", "sgd", "--quick", "--with-gappa", "--processes", "1", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    goals = [x for x in lines if x["kind"] == "local_bound"]
    assert len(goals) == 18 and lines[-1]["gappa"]["proved"] == 18 and lines[-1]["gappa"]["halved"] == {"sgd": True}


def test_without_gappa_the_command_says_what_to_do_before_it_works(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    program.cache_clear()
    assert main(["golden", "verify", "sgd", "--with-gappa"]) == 2
    said = capsys.readouterr().err
    assert "Gappa is not installed" in said and "apt-get install gappa" in said
    program.cache_clear()
