"""`refopt list findings`: every line shows what is said it shows, with the version that is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from refopt.frameworks import known
from refopt.frameworks.installed import package_version
from refopt.frameworks.known_deviations import Kind, KnownDeviation, known_deviations
from refopt.generated.numpy import adagrad, adan, ftrl, nadam, yogi
from refopt.report.known_deviations import block, command, page
from tests.cli.running import refopt

EVERY = known_deviations()
RUNNER = """
import contextlib, io, json, sys, warnings
warnings.simplefilter("ignore")
for line in json.load(sys.stdin):
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown):
            exec(line, {})
        said = shown.getvalue().strip()
    except Exception as error:
        said = type(error).__name__
    print(json.dumps(said))
"""


def _package(d: KnownDeviation) -> str:
    return d.subject.partition(".")[0]


@cache
def _shown(package: str, environment: str) -> dict[str, str]:
    """By line, what it prints, or the error that it raises: the lines of one package and environment, in one process of their own."""
    lines = [d.line for d in EVERY if (_package(d), d.environment) == (package, environment)]
    set_ = dict(x.split("=", 1) for x in environment.split())
    ran = subprocess.run([sys.executable, "-c", RUNNER], input=json.dumps(lines), env={**os.environ, **set_}, capture_output=True, text=True, check=True)
    return dict(zip(lines, map(json.loads, ran.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("d", EVERY, ids=lambda d: f"{d.subject} {d.point}")
def test_the_line_shows_it(d: KnownDeviation) -> None:
    if find_spec(_package(d)) is None:
        pytest.skip(f"{_package(d)} is not installed")
    assert package_version(_package(d)) == d.version, "look at it again with the version that is installed"
    assert _shown(_package(d), d.environment)[d.line] == d.shown


@pytest.mark.parametrize("d", EVERY, ids=lambda d: f"{d.subject} {d.point}")
def test_it_can_be_pasted_and_it_differs(d: KnownDeviation) -> None:
    assert "\n" not in d.line and not ("'" in d.line and '"' in d.line)
    assert d.shown != d.exact
    if d.shown not in ("nan", "ZeroDivisionError") and d.exact[0] in "-0123456789":
        assert abs(float(d.shown) - float(d.exact)) > 1e-9 * max(abs(float(d.exact)), 1e-6)
    assert all(t.startswith("https://github.com/") for t in d.threads)
    assert command(d) in list(block(d))[-1 - len(d.threads)]


def test_others_of_the_same_cause_are_names_that_are_judged() -> None:
    names = {k.spelling for k in known()} | {"torch.optim.RMSprop(centered=True)"}
    assert not {x for d in EVERY for x in d.also} - names


def _second_of_adan() -> float:
    one, state = adan.step(np.zeros(1), np.ones(1), adan.init(np.zeros(1)), 1, lr=1.0, weight_decay=0.0)
    two, _ = adan.step(one, np.full(1, 2.0), state, 2, lr=1.0, weight_decay=0.0)
    return float((two - one)[0])


def _first(rule: Any, g: float, **hyper: float) -> float:
    return float(rule.step(np.zeros(1), np.full(1, g), rule.init(np.zeros(1)), 1, lr=1.0, **hyper)[0][0])


OWN: dict[tuple[str, str], Callable[[], float]] = {
    ("optax.adan", "the second update, gradients 1 and 2, lr = 1, eps_root = 0"): _second_of_adan,
    ("optax.adan", "the first update, a gradient of 1e-4, lr = 1"): lambda: _first(adan, 1e-4, weight_decay=0.0),
    ("optax.yogi", "the first update by a gradient of 0, lr = 1"): lambda: _first(yogi, 0.0),
    ("optax.adagrad", "the first update, a gradient of 1, lr = 1"): lambda: _first(adagrad, 1.0, eps=1e-7),
    ("keras.optimizers.Adagrad", "the first update, a gradient of 1, lr = 1"): lambda: _first(adagrad, 1.0, eps=1e-7),
    ("keras.optimizers.Ftrl", "the first update, a gradient of 1, lr = 1, l2 = 1"): lambda: _first(ftrl, 1.0, beta=0.0, l2=1.0),
    ("keras.optimizers.Nadam", "the first update, a gradient of 1, lr = 1"): lambda: _first(nadam, 1.0, eps=1e-7),
}
"""By subject and point, what the reference gives there."""


@pytest.mark.parametrize(("subject", "point"), list(OWN))
def test_what_is_expected_is_what_the_reference_gives(subject: str, point: str) -> None:
    exact = next(d.exact for d in EVERY if (d.subject, d.point) == (subject, point))
    assert abs(OWN[subject, point]() - float(exact)) < 1e-7


def test_the_page_and_the_lines_say_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    told = refopt(capsys, "list", "findings").out
    assert told.splitlines() == [line.rstrip() for line in page(EVERY)]
    rows = [json.loads(line) for line in refopt(capsys, "list", "findings", "--json").out.splitlines()]
    assert [(r["subject"], r["shown"], r["sort"]) for r in rows] == [(d.subject, d.shown, d.kind.value) for d in EVERY]
    found = [json.loads(line) for line in refopt(capsys, "list", "findings", "adan", "--json").out.splitlines()]
    assert {r["subject"] for r in found} == {"optax.adan"}
    assert {d.kind for d in EVERY} == set(Kind)
