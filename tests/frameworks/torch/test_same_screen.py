"""A bug has one screen, whatever it is written in: a torch class and a C program with it are told in the same words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from refopt import catalogue
from refopt.conformance.programs.judge_program import Program, judge_program
from refopt.conformance.programs.skeletons import skeleton
from refopt.report.report import check
from refopt.report.terminal import screen
from tests.conformance.conftest import tool

pytest.importorskip("torch")

CODE = """
import torch

class BuggyAdam(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["step"], state["exp_avg"], state["exp_avg_sq"] = 0, torch.zeros_like(p), torch.zeros_like(p)
                state["step"] += 1
                state["exp_avg"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                state["exp_avg_sq"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                bias_correction1 = 1 - beta1 ** state["step"]
                bias_correction2 = 1 - beta1 ** state["step"]
                denom = (state["exp_avg_sq"] / bias_correction2).sqrt().add_(group["eps"])
                p.addcdiv_(state["exp_avg"] / bias_correction1, denom, value=-group["lr"])
"""
CASES = ("adam-open-basic-001", "adam-open-scales-001", "adam-resume-001")
OWN = ("  refopt check ", "As it was called: ")
"""Beginnings of the lines in which the two differ: the command with its name, and what a framework adds."""


def test_beta1_in_the_second_correction_has_the_screen_of_a_c_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = tool("cc", "gcc", "clang")
    text = skeleton("c", catalogue.rule("adam"), "float64").text
    assert text.count("1 - pow(beta2, t)") == 1
    (tmp_path / "bug.c").write_text(text.replace("1 - pow(beta2, t)", "1 - pow(beta1, t)"))
    subprocess.run([compiler, "-O2", "-o", "bug", "bug.c", "-lm"], check=True, cwd=tmp_path)
    (tmp_path / "mine_as_c.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    in_c = screen(judge_program(Program(("./bug",), wire="flat"), "adam", dtypes=["float64"], cases=CASES))
    in_torch = screen(check("./mine_as_c.py:BuggyAdam", dtypes=["float64"], cases=CASES).found)
    sys.modules.pop("mine_as_c", None)
    assert in_c[0].split()[1:] == ["deviates", "from", "adam"] and in_torch[0].endswith("deviates from adam")
    (called,) = set(in_torch) - set(in_c) - {x for x in in_torch if x.startswith(OWN[0])} - {in_torch[0]}
    assert called == "As it was called: measured: m is exp_avg, v is exp_avg_sq"
    assert [x for x in in_torch[1:] if not x.startswith(OWN)] == [x for x in in_c[1:] if not x.startswith(OWN)]
    assert "    + v_hat <- v / (1 - beta1^t)" in in_torch
