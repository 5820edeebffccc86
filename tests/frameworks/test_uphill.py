"""What climbs by an argument of its own is held to the rule on gradients of the other sign; what climbs without one is told so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import refopt
from refopt import catalogue
from refopt.conformance.diagnose.edits import edits as every_edit
from refopt.conformance.diagnose.gradient_edits import GRADIENT_EDITS
from refopt.conformance.diagnose.run_change import RunChange
from refopt.conformance.diagnose.uphill import is_turned
from refopt.report.report import Report

TURNED = "judged on -g, for maximize=True"
PEOPLE = '''
import numpy as np


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9, maximize=False):
        self.lr, self.momentum, self.maximize, self.v = lr, momentum, maximize, 0.0

    def update(self, w, grad):
        grad = -grad if self.maximize else grad
        self.v = self.momentum * self.v + self.lr * grad
        return w - self.v


class DeafMomentum(Momentum):
    def __init__(self, lr=0.01, momentum=0.9, maximize=False):
        super().__init__(lr, momentum)


class UphillMomentum(Momentum):
    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr, momentum, maximize=True)


def ascent(gradient, x, lr=0.1, steps=100, maximize=True):
    path = [x]
    for _ in range(steps):
        x = x + lr * gradient(x)
        path.append(x)
    return path
'''
TORCH = """
import torch


class Sgd(torch.optim.Optimizer):
    def __init__(self, params, lr=0.01, maximize=False):
        super().__init__(params, dict(lr=lr, maximize=maximize))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.add_(p.grad, alpha=group["lr"] if group["maximize"] else -group["lr"])
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "climbing.py").write_text(PEOPLE)
    (tmp_path / "climbing_torch.py").write_text(TORCH)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))


def _checked(name: str, rule: str) -> Report:
    return refopt.check(name, rule, dtypes=["float64"], cases=[f"{rule}-open-{x}-001" for x in ("basic", "dyadic")], per_tensor="Momentum" in name)


@pytest.mark.parametrize(
    ("name", "rule"),
    [("./climbing.py:Momentum(maximize=True)", "momentum"), ("./climbing.py:ascent", "sgd"), ("./climbing_torch.py:Sgd(maximize=True)", "sgd"),
     ("torch.optim.SGD(maximize=True)", "sgd"), ("torch.optim.Adam(maximize=True)", "adam")],
)  # fmt: skip
def test_what_climbs_by_an_argument_conforms_and_how_it_was_judged_is_told(here: None, name: str, rule: str) -> None:
    report = _checked(name, rule)
    assert report.verdict == "conforms", str(report)
    assert TURNED in report.found.told


@pytest.mark.parametrize("name", ["UphillMomentum", "DeafMomentum(maximize=True)"])
def test_what_goes_the_other_way_is_named(here: None, name: str) -> None:
    report = _checked(f"./climbing.py:{name}", "momentum")
    assert report.verdict == "deviates"
    assert report.footer["edit"] == "v: momentum*v + lr*g -> momentum*v - lr*g"
    assert "  That is the gradient with its sign turned, as one that maximizes has it." in str(report).splitlines()


def test_where_one_edit_of_the_formula_does_not_say_it_the_run_is_fed_with_other_gradients() -> None:
    (turned,) = [e for e in GRADIENT_EDITS if e.change is RunChange.SIGN_TURNED]
    rules = [catalogue.rule(n) for n in ("sgd", "momentum", "rmsprop", "adam", "nesterov", "lion")]
    assert [r.name for r in rules if turned.means_something_of(r)] == ["nesterov", "lion"]
    assert turned.changed([(np.array([1.0, -2.0]), None)])[0][0].tolist() == [-1.0, 2.0]


@pytest.mark.parametrize(
    ("name", "edits"),
    [("sgd", 1), ("momentum", 2), ("nesterov", 1), ("lion", 0)],
)
def test_the_edits_that_turn_the_sign_are_known_by_what_they_make_of_theta(name: str, edits: int) -> None:
    rule = catalogue.rule(name)
    assert len([e for e in every_edit(rule) if is_turned(e.rule, rule)]) == edits


@pytest.mark.parametrize("name", ["./climbing_torch.py:Sgd(maximize=True)", "torch.optim.Adam(maximize=True)"])
def test_its_code_is_proved_on_the_turned_gradient_which_is_taken_for_granted(here: None, name: str) -> None:
    answer = refopt.prove(name, "adam" if "Adam" in name else "sgd")
    assert answer.verdict == "equal"
    assert any(x.assumption.name == "SIGN_TURNED" and x.names == ("maximize",) for x in answer.asked.assumed)


@pytest.mark.parametrize("name", ["SGD(differentiable=True)", "RAdam(differentiable=True)"])
def test_updates_that_are_recorded_are_made_of_parameters_that_are_not_trained(name: str) -> None:
    case = "sgd-open-basic-001" if "SGD" in name else "radam-open-basic-001"
    assert refopt.check(f"torch.optim.{name}", dtypes=["float64"], cases=[case]).verdict == "conforms"
