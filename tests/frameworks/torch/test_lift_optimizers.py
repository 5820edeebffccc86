"""Formulas of torch optimizers whose state is created in the constructor, or is one value, and of conditions written in other words."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import refopt
from refopt.proving.answer import Differs, Equal


@pytest.mark.parametrize(
    ("name", "rule"),
    [("Adagrad", "adagrad"), ("Adagrad(lr_decay=0.1, initial_accumulator_value=0.1)", "adagrad/lr_decay"), ("NAdam", "nadam"), ("RAdam", "radam")],
)
def test_torchs_own_code_is_proved(name: str, rule: str) -> None:
    assert isinstance(refopt.prove(f"torch.optim.{name}", rule), Equal)


class Summed(torch.optim.Optimizer):
    """Adagrad with torch's functions, its sum created in the constructor from a multiple of what it should start from."""

    times = 1

    def __init__(self, params: Any, lr: float = 0.01, eps: float = 1e-10, s0: float = 0.1) -> None:
        super().__init__(params, {"lr": lr, "eps": eps, "s0": s0})
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["sum"] = torch.full_like(p, self.times * s0)

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    s = self.state[p]["sum"]
                    s.add_(torch.square(p.grad))
                    p.sub_(torch.mul(torch.div(p.grad, torch.add(torch.sqrt(s), group["eps"])), group["lr"]))


class SummedTwice(Summed):
    """The same from twice of it."""

    times = 2


def test_a_state_that_the_constructor_creates_is_read_from_it() -> None:
    assert isinstance(refopt.prove(Summed, "adagrad"), Equal)


def test_a_state_that_the_constructor_creates_from_something_else_is_no_state_of_the_rule() -> None:
    found = refopt.prove(SummedTwice, "adagrad")
    assert isinstance(found, Differs) and found.witness is not None
