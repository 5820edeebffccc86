"""A counter of updates in a tensor: followed where it holds all counts that runs come to, and no formula where it stops before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import refopt

pytest.importorskip("torch")

CODE = """
import torch

class Counts(torch.optim.Optimizer):
    KEPT = torch.float32
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))
    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s, g = self.state[p], p.grad
                if not s:
                    s.update(step=torch.tensor(0, dtype=self.KEPT), exp_avg=torch.zeros_like(p.data), exp_avg_sq=torch.zeros_like(p.data))
                s["step"] += 1
                s["exp_avg"].mul_(b1).add_(g, alpha=1 - b1)
                s["exp_avg_sq"].mul_(b2).addcmul_(g, g, value=1 - b2)
                first, second = s["exp_avg"] / (1 - b1 ** s["step"]), s["exp_avg_sq"] / (1 - b2 ** s["step"])
                p.data.addcdiv_(first, second.sqrt().add_(group["eps"]), value=-group["lr"])

class StopsAt256(Counts):
    KEPT = torch.bfloat16

class BeginsAnewAfter127(Counts):
    KEPT = torch.int8
"""


@pytest.mark.parametrize(("name", "answer"), [("Counts", "equal"), ("StopsAt256", "unreadable"), ("BeginsAnewAfter127", "unreadable")])
def test_a_counter_is_followed_only_in_a_format_that_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, answer: str) -> None:
    (tmp_path / "counts_of_torch.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    found = refopt.prove(f"./counts_of_torch.py:{name}", "adam")
    sys.modules.pop("counts_of_torch", None)
    assert found.verdict == answer, found
