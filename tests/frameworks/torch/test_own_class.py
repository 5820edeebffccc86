"""A person's own subclass of torch.optim.Optimizer is judged and read as it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import refopt
from refopt.conformance.verdict.conformance import Conformance
from refopt.errors import RefoptError
from refopt.frameworks import load
from refopt.report.words import told_or_none

pytest.importorskip("torch")

CODE = '''
import torch

class OtherWords(torch.optim.Optimizer):
    """Adam with other names, a required closure, and its moments in a tuple."""
    def __init__(self, params, learning_rate=1e-3, beta1=0.9, b2=0.999, epsilon=1e-8):
        super().__init__(params, dict(learning_rate=learning_rate, beta1=beta1, b2=b2, epsilon=epsilon))
    def step(self, closure):
        closure()
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is None:
                        continue
                    s = self.state[p]
                    if "count" not in s:
                        s["count"] = 0
                        s["moments"] = (torch.zeros_like(p), torch.zeros_like(p))
                    s["count"] += 1
                    m, v = s["moments"]
                    m.lerp_(p.grad, 1 - group["beta1"])
                    v.mul_(group["b2"]).addcmul_(p.grad, p.grad, value=1 - group["b2"])
                    c1, c2 = 1 - group["beta1"] ** s["count"], 1 - group["b2"] ** s["count"]
                    p.addcdiv_(m, (v.sqrt() / c2 ** 0.5).add_(group["epsilon"]), value=-group["learning_rate"] / c1)

class BuggyAdam(torch.optim.Optimizer):
    """Adam with beta1 in the second correction."""
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                s = self.state[p]
                if not s:
                    s["step"], s["exp_avg"], s["exp_avg_sq"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                s["step"] += 1
                s["exp_avg"].mul_(b1).add_(p.grad, alpha=1 - b1)
                s["exp_avg_sq"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                m_hat, v_hat = s["exp_avg"] / (1 - b1 ** s["step"]), s["exp_avg_sq"] / (1 - b1 ** s["step"])
                p.addcdiv_(m_hat, v_hat.sqrt().add_(group["eps"]), value=-group["lr"])

class Descent(torch.optim.Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, {"lr": lr})
    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.sub_(p.grad, alpha=group["lr"])

class ForgetfulMomentum(Descent):
    """The velocity is kept beside the state, so that no state_dict holds it."""
    def __init__(self, params, lr=0.1, momentum=0.9):
        torch.optim.Optimizer.__init__(self, params, {"lr": lr, "momentum": momentum})
        self.velocity = {}
    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    v = self.velocity.setdefault(p, torch.zeros_like(p))
                    v.mul_(group["momentum"]).add_(p.grad)
                    p.sub_(v, alpha=group["lr"])

class NeedsEps(Descent):
    def __init__(self, params, lr, eps):
        super().__init__(params, lr)

class NeedsMore(Descent):
    def __init__(self, params, lr, radius):
        super().__init__(params, lr)
'''
ADAM = ["adam-open-basic-001", "adam-open-rate-001", "adam-defaults-001"]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module in the current folder that holds them."""
    (tmp_path / "mine_of_torch.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "python:mine_of_torch"
    sys.modules.pop("mine_of_torch", None)


def test_a_right_class_in_other_words_conforms(mine: str) -> None:
    found = refopt.check(f"{mine}:OtherWords", "adam", dtypes=["float64"], cases=ADAM).found
    lines = found.worst.ground.lines
    assert found.worst.verdict == Conformance.CONFORMS and all(line.verdict == Conformance.CONFORMS for line in lines), lines
    assert found.defaults is not None and not found.worst.hyperparameters.defaults_differ


def test_the_name_of_the_class_says_the_rule_and_the_edit_is_named(mine: str) -> None:
    finding = refopt.check(f"{mine}:BuggyAdam", dtypes=["float32"], cases=ADAM).found.worst
    assert finding.verdict == Conformance.DEVIATES and told_or_none(finding.diagnosis.edit) == "v_hat: 1 - beta2^t -> 1 - beta1^t"


def test_a_file_and_a_class_are_a_name_and_a_class_itself_is_one_too(mine: str) -> None:
    import mine_of_torch  # type: ignore[import-not-found]

    spelled = load("./mine_of_torch.py:Descent", "sgd")
    assert spelled.name == "mine_of_torch:Descent" and spelled.settings == {"lr": 0.1}
    found = refopt.check(mine_of_torch.Descent, "sgd", dtypes=["float64"], cases=["sgd-open-basic-001"]).found
    assert found.worst.verdict == Conformance.CONFORMS


def test_what_its_state_dict_does_not_hold_is_lost(mine: str) -> None:
    finding = refopt.check(f"{mine}:ForgetfulMomentum", "momentum/lr_outside", dtypes=["float64"], cases=["momentum.lr_outside-open-basic-001"]).found.worst
    assert finding.only_loses, (finding.verdict, finding.losses)


def test_its_code_is_read(mine: str) -> None:
    assert type(refopt.prove(f"{mine}:Descent", "sgd")).__name__ == "Equal"
    assert type(refopt.prove(f"{mine}:BuggyAdam", "adam")).__name__ == "Differs"


def test_one_that_parameters_alone_do_not_make_is_refused_in_one_line(mine: str) -> None:
    with pytest.raises(RefoptError, match="cannot be made: TypeError"):
        load(f"{mine}:NeedsMore", "sgd")


def test_one_that_needs_what_the_rule_lacks_is_skipped_here_as_in_a_process_of_its_own(mine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def lines() -> list[str]:
        found = refopt.check(f"{mine}:NeedsEps", "sgd", dtypes=["float64"], cases=["sgd-open-basic-001", "sgd-open-shapes-001"]).found
        assert all(line.verdict == Conformance.SKIPPED for line in found.worst.ground.lines)
        return [*found.told, *(told_or_none(line.reason) or "" for line in found.worst.ground.lines)]

    apart = lines()
    monkeypatch.setenv("REFOPT_ISOLATED", "0")
    assert lines() == apart and "eps" in " ".join(apart)


def test_an_argument_that_makes_another_rule_of_a_class_is_held_to_that_rule(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the measurement shows that it does not compute it; else the remark on it is enough."""
    from refopt.cli.main import main
    from tests.frameworks.own.people import of_torch

    cases = ["adam-open-low-001"]
    report = refopt.check(of_torch.SwitchingAdam, "adam", dtypes=["float64"], cases=cases)
    (switched,) = report.switched
    assert report.found.worst.verdict == Conformance.CONFORMS and (report.verdict, report.exit) == (Conformance.DEVIATES, 1)
    assert switched.found.rule == "amsgrad" and switched.found.implementation.endswith("SwitchingAdam(amsgrad=True)")
    assert told_or_none(switched.found.worst.diagnosis.edit) == "v_max: max(v_max, v) -> min(v_max, v)"
    assert {line.case.id for line in switched.found.worst.ground.lines} == {"amsgrad-open-low-001"}
    with pytest.raises(refopt.NotAsExpected, match="deviates from amsgrad"):
        report.raise_if_not()
    right = refopt.check(of_torch.RightlySwitchingAdam, "adam", dtypes=["float64"], cases=cases)
    assert (right.switched, right.verdict, right.exit) == ((), Conformance.CONFORMS, 0)
    monkeypatch.chdir(Path(of_torch.__file__).parent)
    assert main(["check", "./of_torch.py:SwitchingAdam", "--rule", "adam", "--dtype", "float64", "--search", "0", "--case", *cases]) == 1
    shown = capsys.readouterr().out
    assert "of_torch:SwitchingAdam on" in shown and "deviates from amsgrad" in shown


def test_constants_that_a_class_gives_its_base_are_its_own_choice() -> None:
    from tests.frameworks.own.people import of_torch

    cases = ["adam-open-basic-001", "adam-open-low-001", "adam-open-rate-001"]
    finding = refopt.check(of_torch.LessPatientAdam, "adam", dtypes=["float64"], cases=cases).found.worst
    held = {x.name: x.value for x in finding.hyperparameters.held}
    assert finding.verdict == Conformance.CONFORMS and (held["beta1"], held["beta2"]) == ("0.9", "0.99"), held
