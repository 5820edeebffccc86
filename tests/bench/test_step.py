"""`refopt bench step`: every contender does the same update, and the table says what was measured; how much is for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from refopt.bench import contenders, step
from refopt.bench.step import Row
from refopt.catalogue import rules
from refopt.frameworks.torch.measured import OPTIMIZERS
from refopt.language.rule import Rule
from tests.cli.running import refopt


@pytest.fixture(autouse=True)
def a_short_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "LEAST", 1e-6)


def _moved(name: str, rule: str) -> Any:
    """Theta after several updates, for those who change it in place; None where a package has no such optimizer."""
    theta, g = np.linspace(-1, 1, 50), np.cos(np.arange(50.0))
    gradient = g.copy()
    made = contenders.CONTENDERS[name](rule, theta, gradient, 1)
    if made is None:
        return None
    for _ in range(UPDATES):
        made()
        gradient[:] = g  # torch's foreach Nesterov writes to it
    return theta


UPDATES = 8
"""The first few of some rules are those of others: RAdam's at the default decay are those of momentum until the sixth."""
NOT_FUSED = ("rmsprop", "adamax", "adadelta", "nadam", "radam")
"""Rules of torch that it does not compute in every way."""


def _has_a_cube_root(rule: Rule) -> bool:
    return any(n.op == "cbrt" for let in rule.steps for n in let.value.walk())


def test_what_is_compared_is_the_same_rule() -> None:
    """Whoever changes theta comes nearer to our end of the same rule than to our end of any other."""
    assert {r.name for r in rules() if "torch" in r.used_by} <= OPTIMIZERS.keys()
    in_c = {rule: _moved("C", rule) for rule in step.RULES}
    assert {rule for rule, end in in_c.items() if end is None} == {r.name for r in rules() if _has_a_cube_root(r)}, "C has a cube root of its own"
    ours = {rule: _moved("NumPy", rule) if end is None else end for rule, end in in_c.items()}
    for rule in step.RULES:
        assert (_moved("NumPy", rule) == ours[rule]).all()
        for name in ("torch fused", "torch foreach", "torch loop"):
            theta = _moved(name, rule)
            if theta is None:
                assert rule not in OPTIMIZERS or (rule in NOT_FUSED and name == "torch fused"), (rule, name)
                continue
            distance = {other: np.abs(theta - end).max() for other, end in ours.items()}
            assert distance[rule] == min(distance.values()), (rule, name)


def test_the_table_has_a_row_a_rule_and_says_which_targets_were_met(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = refopt(capsys, "bench", "step", "sgd", "adam", "--n", "1e3", "--dtype", "float32", "--turns", "1", "--svg", str(tmp_path / "step.svg"))
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "1,000 parameters, float32"
    assert [line.split()[0] for line in lines[3:5]] == ["sgd", "adam"]
    assert max(map(len, lines[:5])) <= 80
    assert any("NumPy / torch fused, adam, float32, 1,000" in line and line.startswith(("met", "MISSED")) for line in lines)
    svg = ElementTree.parse(tmp_path / "step.svg").getroot()
    assert svg.tag.endswith("svg") and len(svg.findall("{*}text")) > 5


def test_json_has_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    out = refopt(capsys, "bench", "step", "momentum", "--n", "100", "--turns", "1", "--threads", "1", "--json").out
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert [(line["kind"], line["rule"], line["dtype"], line["n"]) for line in lines] == [("step", "momentum", d, 100) for d in ("float32", "float64")]
    for line in lines:
        assert line["seconds"].keys() == contenders.CONTENDERS.keys() and line["ratio"]["C"] == 1 and line["share"] == {}


def test_the_targets_are_judged_by_the_figures() -> None:
    seconds: dict[str, float | None] = dict.fromkeys(contenders.CONTENDERS, 1.0)
    ratios = {"C": 1.0, "NumPy": 2.0, "torch fused": 0.5, "textbook": 9.0}
    found = step.targets([Row("adam", "float32", 10_000_000, seconds, ratios, {"C": 0.95}, 1e9)])
    assert [line.split()[0] for line in found] == ["met", "MISSED", "MISSED", "met"]
    assert "share of the memory's bandwidth: 0.95, at least 0.9" in found[0]
    assert "C / torch fused, adam, float32, 10,000,000: 2, at most 1" in found[1]
    assert "NumPy / torch fused, adam, float32, 10,000,000: 4, at most 3" in found[2]
    assert "textbook / NumPy, adam, float32, 10,000,000: 4.5, at least 2" in found[3]


def test_arguments_that_mean_nothing_are_refused_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    for words, message in (
        (("step", "adm"), "no rule 'adm'"),
        (("step", "--n", "many"), "--n many is no number of parameters"),
        (("step", "--n", "0"), "--n 0 is no number of parameters"),
        (("step", "--turns", "0"), "--turns 0 must be at least 1"),
        (("step", "--svg", "/"), "cannot write /: Is a directory"),
        (("core", "--n", "1e3"), "refopt bench core takes no --n, --dtype, --svg"),
    ):
        ran = refopt(capsys, "bench", *words)
        assert (ran.code, ran.out) == (2, "") and ran.err.startswith(f"error: {message}")
