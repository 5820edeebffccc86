"""The authors' code of MADGRAD as a person's own class of torch, which has no cube root: it is a power; and no first parameter where momentum is 0."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

import refopt
from refopt.conformance.verdict.conformance import Conformance
from refopt.proving.answer import Equal


class MADGRAD(torch.optim.Optimizer):
    """facebookresearch/madgrad, for dense gradients and without decay."""

    def __init__(self, params: Any, lr: float = 0.01, momentum: float = 0.9, eps: float = 1e-6) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "eps": eps})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            eps, lr, momentum = group["eps"], group["lr"] + group["eps"], group["momentum"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state |= {"step": 0, "grad_sum_sq": torch.zeros_like(p), "s": torch.zeros_like(p)}
                    if momentum != 0:
                        state["x0"] = torch.clone(p).detach()
                state["step"] += 1
                lamb = lr * math.pow(state["step"], 0.5)
                squares, s = state["grad_sum_sq"], state["s"]
                x0 = p.addcdiv(s, squares.pow(1 / 3).add_(eps), value=1) if momentum == 0 else state["x0"]
                squares.addcmul_(p.grad, p.grad, value=lamb)
                s.add_(p.grad, alpha=lamb)
                z = x0.addcdiv(s, squares.pow(1 / 3).add_(eps), value=-1)
                p.mul_(momentum).add_(z, alpha=1 - momentum)


class Anchored(MADGRAD):
    """The same with its first parameter always kept."""

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state |= {"step": 0, "grad_sum_sq": torch.zeros_like(p), "s": torch.zeros_like(p), "x0": torch.clone(p).detach()}
                state["step"] += 1
                lamb = (group["lr"] + group["eps"]) * math.sqrt(state["step"])
                state["grad_sum_sq"].addcmul_(p.grad, p.grad, value=lamb)
                state["s"].add_(p.grad, alpha=lamb)
                z = state["x0"].addcdiv(state["s"], state["grad_sum_sq"].pow(1 / 3).add_(group["eps"]), value=-1)
                p.mul_(group["momentum"]).add_(z, alpha=1 - group["momentum"])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_authors_code_conforms_with_momentum_and_without(dtype: str) -> None:
    cases = [f"madgrad.eps_in_lr-{case}-001" for case in ("open-low", "open-rate", "open-mean")] + ["madgrad.eps_in_lr-open-zero-002"]
    cases += ["madgrad.eps_in_lr-ends-001", "madgrad.eps_in_lr-ends-002"] if dtype == "float64" else []
    finding = refopt.check(MADGRAD, "madgrad/eps_in_lr", dtypes=[dtype], cases=cases).found.worst
    assert (finding.verdict, finding.precision) == (Conformance.CONFORMS, "full")


def test_a_third_as_an_exponent_is_read_as_the_cube_root() -> None:
    assert isinstance(refopt.prove(Anchored, "madgrad/eps_in_lr"), Equal)
