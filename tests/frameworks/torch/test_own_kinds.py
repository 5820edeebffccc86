"""Optimizers for torch as people write them, a right and a wrong one of each kind: judged and named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks import handed, load
from refopt.report.report import check

torch = pytest.importorskip("torch")

CODE = '''
import torch
from torch.optim import Optimizer

class ForeachRMSprop(Optimizer):
    """State created when it is first needed, all tensors at once."""
    new = lambda self, rho: 1 - rho
    def __init__(self, params, lr=1e-3, rho=0.9, eps=1e-8, foreach=True):
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, foreach=foreach))
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            ps = [p for p in g["params"] if p.grad is not None]
            if not ps:
                continue
            for p in ps:
                if "ms" not in self.state[p]:
                    self.state[p]["ms"] = torch.zeros_like(p)
            grads, ms = [p.grad for p in ps], [self.state[p]["ms"] for p in ps]
            torch._foreach_mul_(ms, g["rho"])
            torch._foreach_addcmul_(ms, grads, grads, value=self.new(g["rho"]))
            den = torch._foreach_sqrt(ms)
            torch._foreach_add_(den, g["eps"])
            torch._foreach_addcdiv_(ps, grads, den, value=-g["lr"])

class ForeachRMSpropWrong(ForeachRMSprop):
    new = lambda self, rho: rho

class TupleAdam(Optimizer):
    """The state is one tuple; a closure is required."""
    second = "b2"
    def __init__(self, params, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
        super().__init__(params, dict(lr=lr, b1=b1, b2=b2, eps=eps))
    def step(self, closure):
        loss = closure()
        with torch.no_grad():
            for g in self.param_groups:
                for p in g["params"]:
                    if p.grad is None:
                        continue
                    m, v, t = self.state[p].get("mvt", (torch.zeros_like(p), torch.zeros_like(p), 0))
                    t += 1
                    m = g["b1"] * m + (1 - g["b1"]) * p.grad
                    v = g["b2"] * v + (1 - g["b2"]) * p.grad ** 2
                    self.state[p]["mvt"] = (m, v, t)
                    p -= g["lr"] * (m / (1 - g["b1"] ** t)) / (torch.sqrt(v / (1 - g[self.second] ** t)) + g["eps"])
        return loss

class TupleAdamWrong(TupleAdam):
    second = "b1"

class ShrinkingAdamW(Optimizer):
    """Its state goes by the rule's own names, its decay by another."""
    def __init__(self, params, learning_rate=1e-3, betas=(0.9, 0.999), epsilon=1e-8, shrink=0.01):
        super().__init__(params, dict(lr=learning_rate, betas=betas, eps=epsilon, shrink=shrink))
    def factor(self, g):
        return 1 - g["lr"] * g["shrink"]
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            b1, b2 = g["betas"]
            for p in g["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["step"], s["m"], s["v"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["step"] += 1
                p.mul_(self.factor(g))
                s["m"].lerp_(p.grad, 1 - b1)
                s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                m_hat, v_hat = s["m"] / (1 - b1 ** s["step"]), s["v"] / (1 - b2 ** s["step"])
                p.add_(m_hat / (v_hat.sqrt() + g["eps"]), alpha=-g["lr"])

class ShrinkingAdamWWrong(ShrinkingAdamW):
    def factor(self, g):
        return 1 - g["shrink"]

class MySGD(Optimizer):
    def __init__(self, params, lr=0.1, mom=0.0, nesterov=False):
        super().__init__(params, dict(lr=lr, mom=mom, nesterov=nesterov))
    def sign(self):
        return 1
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None:
                    old = self.state[p].get("v")
                    self.state[p]["v"] = g["lr"] * p.grad if old is None else g["mom"] * old + self.sign() * g["lr"] * p.grad
                    p -= self.state[p]["v"]

class MySGDWrong(MySGD):
    def sign(self):
        return -1

def make_momentum(params, lr=0.1, momentum=0.9):
    return MySGD(params, lr, momentum)

def make_momentum_wrong(model, lr=0.1, momentum=0.9):
    return MySGDWrong(model.parameters(), lr, momentum)

class ReshapingSGD(MySGD):
    @torch.no_grad()
    def step(self, closure=None):
        for p in self.param_groups[0]["params"]:
            p.data = p.data.reshape(-1)[:1]
'''


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that holds them, in the current folder."""
    (tmp_path / "mine_of_kinds.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    import mine_of_kinds  # type: ignore[import-not-found]

    yield mine_of_kinds
    sys.modules.pop("mine_of_kinds", None)


def judged(made: Any, rule: str, **options: Any) -> Any:
    """The finding in one format, of a few cases."""
    cases = [f"{rule}-open-{n}-001" for n in ("basic", "rate", "scales")]
    report = check(made, dtypes=["float64"], cases=cases, **options)
    assert report.found.rule == rule
    return report.found.worst


@pytest.mark.parametrize(
    ("name", "rule", "options"),
    [("ForeachRMSprop", "rmsprop", {}), ("TupleAdam", "adam", {}), ("ShrinkingAdamW", "adamw", {"maps": {"shrink": "weight_decay"}}),
     ("make_momentum", "momentum", {})],
)  # fmt: skip
def test_the_right_one_of_a_kind_conforms_and_the_wrong_one_deviates(name: str, rule: str, options: dict[str, Any], mine: Any) -> None:
    right, wrong = judged(getattr(mine, name), rule, **options), judged(getattr(mine, f"{name}{'_wrong' if name.islower() else 'Wrong'}"), rule, **options)
    assert right.verdict == Conformance.CONFORMS, (right.verdict, right.matches, right.edit)
    assert wrong.verdict == Conformance.DEVIATES and wrong.edit is not None, (wrong.verdict, wrong.edit)


def test_state_that_goes_by_the_rules_names_is_judged_step_by_step(mine: Any) -> None:
    assert judged(mine.ShrinkingAdamW, "adamw", maps={"shrink": "weight_decay"}).mode == "stepwise"


def test_an_instance_is_made_again_with_what_it_holds(mine: Any) -> None:
    parameter = torch.nn.Parameter(torch.zeros(3))
    found = handed(mine.ShrinkingAdamW([parameter], learning_rate=0.5, betas=(0.8, 0.99)))
    assert found.rule == "adamw" and (found.settings["lr"], found.settings["beta1"], found.settings["beta2"]) == (0.5, 0.8, 0.99)
    assert handed(torch.optim.SGD([parameter], lr=0.1, momentum=0.9)).rule == "momentum"


def test_arguments_ask_for_a_rule_where_the_name_says_less(mine: Any) -> None:
    rules = {text: load(f"mine_of_kinds.MySGD{text}").rule for text in ("", "(mom=0.9)", "(mom=0.9, nesterov=True)")}
    assert rules == {"": "sgd", "(mom=0.9)": "momentum", "(mom=0.9, nesterov=True)": "nesterov"}
    assert load("mine_of_kinds.MySGD(mom=0.9)", "sgd").rule == "sgd"


def test_what_is_not_matched_is_told_and_a_wrong_mapping_is_refused(mine: Any) -> None:
    assert handed(mine.ForeachRMSprop).told == ("held as found: foreach=True",)  # type: ignore[union-attr]
    with pytest.raises(RefoptError, match="it has no argument decay"):
        handed(mine.ShrinkingAdamW, maps={"decay": "weight_decay"})


def test_a_changed_shape_is_one_line(mine: Any) -> None:
    finding = judged(mine.ReshapingSGD, "sgd")
    assert {line.reason for line in finding.ground.lines} == {"update 1: step() changed the shape of its parameter"}
