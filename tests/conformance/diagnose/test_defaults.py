"""Defaults stand on an axis of their own: same, different, or none; the verdict is about the formula with the values in force."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path

import pytest

import refopt
from refopt.conformance.programs.judge_program import Program
from refopt.report.report import Report
from refopt.report.words import told_or_none
from tests.conformance import partial

CASES = ["adamw-open-basic-001", "adamw-open-dyadic-001", "adamw-defaults-001", "adamw-defaults-002"]


@cache
def own(strict: bool = False) -> Report:
    return refopt.check(partial.OwnDefaults, "adamw", cases=CASES, dtypes=["float64"], strict=strict)


def test_defaults_that_no_signature_shows_are_measured() -> None:
    assert (own().verdict, own().exit) == ("conforms", 0)
    assert own().footer["defaults"] == "differ (beta2 0.95, the rule's 0.999; weight_decay 0.0731, the rule's 0.01)"
    assert "defaults differ (beta2 0.95, the rule's 0.999; weight_decay 0.0731, the rule's 0.01)" in " ".join(str(own()).split())


def test_defaults_that_differ_fail_where_the_report_is_strict() -> None:
    assert own(strict=True).exit == 1
    assert str(own(strict=True)).splitlines()[-1] == "exit 1: its defaults are not those of adamw (--strict)"


def test_an_object_without_defaults_is_skipped_where_none_are_sent() -> None:
    cases = ["adam-open-basic-001", "adam-open-dyadic-001", "adam-defaults-001"]
    report = refopt.check(partial.WithoutDefaults, "adam", cases=cases, dtypes=["float64"])
    (line,) = [x for f in report.found.findings for x in f.ground.lines if x.case.kind == "defaults"]
    assert (report.verdict, report.exit, report.footer["defaults"]) == ("conforms", 0, "none")
    assert line.verdict == "skipped"
    assert told_or_none(line.reason) == "it has no defaults: where no hyperparameter is sent, raised KeyError: 'lr'"


def test_defaults_of_its_own_do_not_hide_a_wrong_formula() -> None:
    report = refopt.check(partial.WrongWithOwnDefaults, "adamw", cases=CASES, dtypes=["float64"])
    assert report.verdict == "deviates"


def test_the_defaults_of_the_generated_code_are_the_rules() -> None:
    report = refopt.check("refopt.generated.numpy.momentum", cases=["momentum-open-basic-001", "momentum-defaults-001"], dtypes=["float64"])
    assert (report.verdict, report.footer["defaults"]) == ("conforms", "same")


HARNESS = """
import json, sys
declared = json.loads(sys.argv[1])
for line in sys.stdin:
    asked = json.loads(line)
    if asked["cmd"] == "stop":
        break
    if asked["cmd"] == "start":
        rule = {"hyper": ["lr", "momentum"], "state": ["v"], "resume": True, **({"defaults": declared} if declared else {})}
        print(json.dumps({"protocol": 1, "implementation": {"name": "own"}, "rules": {"momentum": rule}, "dtypes": ["float64"]}), flush=True)
        continue
    momentum = float(asked["hyper"].get("momentum", 0.95))
    out = []
    for i, p in enumerate(asked["params"]):
        theta = [float(x) for x in p["theta0"]]
        v = [float(x) for x in (p["state0"] or {}).get("v", ["0"] * len(theta))]
        rows, states = [], []
        for step, row in enumerate(asked["grads"]):
            lr = float(asked["lr"][step]) if asked["lr"] else float(asked["hyper"].get("lr", 0.01))
            if row[i] is not None:
                v = [momentum * a + lr * float(g) for a, g in zip(v, row[i])]
                theta = [a - b for a, b in zip(theta, v)]
            rows.append([repr(x) for x in theta])
            states.append({"v": [repr(x) for x in v]})
        out.append({"theta": rows, "state": states})
    print(json.dumps({"seq": asked["seq"], "params": out}), flush=True)
"""


@pytest.mark.parametrize("declared", [{}, {"momentum": "0.95"}])
def test_a_program_may_declare_its_defaults_and_what_it_does_not_is_measured(tmp_path: Path, declared: dict[str, str]) -> None:
    harness = tmp_path / "harness.py"
    harness.write_text(HARNESS, encoding="utf-8")
    program = Program((sys.executable, str(harness), json.dumps(declared)), timeout=30)
    report = refopt.check(program, "momentum", cases=["momentum-open-basic-001", "momentum-open-low-001", "momentum-defaults-001"])
    assert (report.verdict, report.footer["defaults"]) == ("conforms", "differ (momentum 0.95, the rule's 0.9)")


def test_a_default_of_what_a_program_does_not_take_is_refused(tmp_path: Path) -> None:
    harness = tmp_path / "harness.py"
    harness.write_text(HARNESS, encoding="utf-8")
    report = refopt.check(Program((sys.executable, str(harness), json.dumps({"beta1": "0.9"})), timeout=30), "momentum")
    assert report.verdict == "no_answer"
    assert "rules.momentum.defaults names 'beta1', which hyper does not" in str(report)
