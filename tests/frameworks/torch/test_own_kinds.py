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
from refopt.report.words import told_or_none

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

class FirstGroupSGD(Optimizer):
    """It takes the rate of the first group for all; `lr` has no default."""
    def __init__(self, params, lr):
        super().__init__(params, dict(lr=lr))
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is not None:
                    p.sub_(self.param_groups[self.place(g)]["lr"] * p.grad)
    def place(self, g):
        return 0

class EachGroupSGD(FirstGroupSGD):
    def place(self, g):
        return [id(x) for x in self.param_groups].index(id(g))

class SwitchingAdam(Optimizer):
    """Its decay does nothing; amsgrad keeps the least volume."""
    def __init__(self, params, alpha=1e-3, b1=0.9, b2=0.999, epsilon=1e-8, wd=0.0, amsgrad=False):
        super().__init__(params, dict(alpha=alpha, b1=b1, b2=b2, epsilon=epsilon, wd=wd, amsgrad=amsgrad))
    larger = staticmethod(torch.minimum)
    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            for p in g["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["k"], s["first"], s["second"], s["most"] = 0, torch.zeros_like(p), torch.zeros_like(p), torch.zeros_like(p)
                s["k"] += 1
                s["first"].mul_(g["b1"]).add_(p.grad, alpha=1 - g["b1"])
                s["second"].mul_(g["b2"]).addcmul_(p.grad, p.grad, value=1 - g["b2"])
                v = s["second"]
                if g["amsgrad"]:
                    s["most"] = v = self.larger(s["most"], v)
                p.addcdiv_(s["first"] / (1 - g["b1"] ** s["k"]), (v / (1 - g["b2"] ** s["k"])).sqrt() + g["epsilon"], value=-g["alpha"])

class RightlySwitchingAdam(SwitchingAdam):
    larger = staticmethod(torch.maximum)

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
    assert right.verdict == Conformance.CONFORMS, (right.verdict, right.diagnosis.matches, right.diagnosis.edit)
    assert wrong.verdict == Conformance.DEVIATES and wrong.diagnosis.edit is not None, (wrong.verdict, wrong.diagnosis.edit)


def test_state_that_goes_by_the_rules_names_is_judged_step_by_step(mine: Any) -> None:
    assert judged(mine.ShrinkingAdamW, "adamw", maps={"shrink": "weight_decay"}).approach.mode == "stepwise"


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
    assert {told_or_none(line.reason) for line in finding.ground.lines} == {"update 1: step() changed the shape of its parameter"}


def test_a_rate_without_a_default_is_sent_and_its_lack_is_told(mine: Any) -> None:
    report = check(mine.EachGroupSGD, dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-shapes-001", "sgd-defaults-001"])
    reasons = [told_or_none(line.reason) for line in report.found.worst.ground.lines if line.verdict == Conformance.SKIPPED]
    assert report.verdict == Conformance.CONFORMS and "it has no default for lr" in str(reasons), reasons


def test_values_of_the_first_group_in_all_groups_deviate_in_the_cases_of_several_tensors(mine: Any) -> None:
    found = check(mine.FirstGroupSGD, dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-shapes-001"], search=5).found
    verdicts = {line.case.id: line.verdict for line in found.worst.ground.lines}
    assert verdicts == {"sgd-open-basic-001": Conformance.CONFORMS, "sgd-open-shapes-001": Conformance.DEVIATES}
    assert found.told[0].startswith("in a second parameter group its tensors do not get that group's values")


def test_what_arguments_are_and_switch_on_is_measured_and_told(mine: Any) -> None:
    right, wrong = handed(mine.RightlySwitchingAdam, "adam"), handed(mine.SwitchingAdam, "adam")
    seen = "confirmed by measurement: alpha is lr, b1 is beta1, b2 is beta2, epsilon is eps"
    assert right.told == (seen, "with wd above 0 it has not the values of adam/l2, adamw", "with amsgrad=True it has the values of amsgrad",
                          "held as found: amsgrad=False")  # type: ignore[union-attr]  # fmt: skip
    assert "with amsgrad=True it has not the values of amsgrad" in str(wrong.told)  # type: ignore[union-attr]


def test_a_rule_switches_its_argument_on(mine: Any) -> None:
    for name, verdict in (("RightlySwitchingAdam", Conformance.CONFORMS), ("SwitchingAdam", Conformance.DEVIATES)):
        found = check(getattr(mine, name), "amsgrad", dtypes=["float64"], cases=["amsgrad-open-basic-001", "amsgrad-open-scales-001"], search=0).found
        assert found.worst.verdict == verdict and "amsgrad=True, as amsgrad asks" in found.told, (name, found.worst.verdict, found.told)
